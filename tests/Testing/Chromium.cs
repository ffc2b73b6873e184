namespace VolunteerBook.Testing;

/// <summary>
/// Debian's Chromium without windows, which takes half the processor time of the whole one for the same pages, or what <c>CHROMIUM</c> in the environment
/// names. Nothing is downloaded.
/// </summary>
public static class Chromium
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell";

    /// <summary>What it is started with: no sandbox, as the tests may run as root, and nothing that asks somebody outside.</summary>
    public static string[] Arguments { get; } =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
}
