namespace VolunteerBook.Testing;

/// <summary>
/// Debian's headless Chromium, which needs half the processor time of the full browser for the same pages, or whatever <c>CHROMIUM</c> in the environment
/// names. Nothing is downloaded.
/// </summary>
public static class Chromium
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell";

    /// <summary>What it is started with: no sandbox, as the tests may run as root, and nothing that asks somebody outside.</summary>
    public static string[] Arguments { get; } =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
}
