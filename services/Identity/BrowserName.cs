namespace VolunteerBook.Identity;

/// <summary>A browser as people call it, made of what it says of itself (User-Agent).</summary>
public static class BrowserName
{
    // Each also names those it descends from, so the more special come first.
    static readonly (string Mark, string Name)[] Browsers =
        [("YaBrowser/", "Яндекс Браузер"), ("OPR/", "Opera"), ("Edg", "Edge"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"),
            ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
                ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];

    static readonly (string Mark, string Name)[] Systems =
        [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
        ];

    /// <summary>«Firefox, Linux»; what is said of itself where neither is known.</summary>
    public static string Of(string userAgent)
    {
        string?[] parts = [Find(Browsers, userAgent), Find(Systems, userAgent)];
        return parts.Any(part => part is not null) ? string.Join(", ", parts.OfType<string>()) : userAgent.Length == 0 ? "—" : userAgent;
    }

    static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.Where(each => userAgent.Contains(each.Mark, StringComparison.Ordinal)).Select(each => each.Name).FirstOrDefault();
}
