namespace VolunteerBook.Testing;

/// <summary>Debian's Chromium, or the one that <c>CHROMIUM</c> in the environment names. Nothing is downloaded.</summary>
public static class Chromium
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    /// <summary>What it is started with: no sandbox, as the tests may run as root, and nothing that asks somebody outside.</summary>
    public static string[] Arguments { get; } =
        ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
}
