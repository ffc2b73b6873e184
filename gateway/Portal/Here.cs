using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;

namespace VolunteerBook.Portal;

/// <summary>
/// Where the reader is. A <see cref="PublicAttribute">public page</see> has two addresses: <c>/check</c> in the language of whoever looks at it, Russian if
/// they have chosen none, and <c>/en/check</c> in English. A link that is made with <see cref="To"/> stays at the kind of address that it stands on.
/// </summary>
public sealed partial class Here(IHttpContextAccessor context)
{
    /// <summary>What English addresses begin with; it is the path base of their requests.</summary>
    public const string English = "/en";

    HttpContext Http => context.HttpContext!;

    // An error page stands at the address of the page that failed.
    IStatusCodeReExecuteFeature? Failed => Http.Features.Get<IStatusCodeReExecuteFeature>();

    /// <summary>The reader's time zone, once <c>zone.js</c> has told it; null where that is not known.</summary>
    public TimeZoneInfo? Zone =>
        Http.Request.Cookies["zone"] is { } name && ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The page's own path, the same in both languages, without a query.</summary>
    public string Page => Failed?.OriginalPath ?? Http.Request.Path;

    /// <summary>Everything of the address behind the host.</summary>
    public string Address => Http.Request.PathBase + PageAndQuery;

    /// <summary>Whether this is a page for everybody; an error is none.</summary>
    public bool IsPublic => Public is not null;

    /// <summary>Whether search engines may list it.</summary>
    public bool IsListed => Public is { Listed: true };

    PublicAttribute? Public => Http.GetEndpoint()?.Metadata.GetMetadata<PublicAttribute>();

    string PageAndQuery => Page + (Failed is { } failed ? failed.OriginalQueryString : Http.Request.QueryString.ToString());

    /// <summary>
    /// The address of a page of this site for a link: on an English address an English one. A private page's is led on to its own address, in English.
    /// </summary>
    public string To(string page) => Http.Request.PathBase + page;

    /// <summary>The address that chooses a language and leads to this page in it.</summary>
    public string Choosing(string language) =>
        $"/language/{language}?returnUrl={Uri.EscapeDataString((language == "en" && IsPublic ? English : "") + PageAndQuery)}";

    /// <summary>This page's address in a language, with scheme and host and without a query; null names the address that chooses by the reader.</summary>
    public string In(string? language) => Absolute((language == "en" ? English : "") + new PathString(Page).ToUriComponent());

    /// <summary>A path with scheme and host.</summary>
    public string Absolute(string path) => $"{Http.Request.Scheme}://{Http.Request.Host}{path}";

    // As IANA writes names; no other text becomes the name of a file that is looked for.
    [GeneratedRegex("^[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}$")]
    private static partial Regex ZoneName();
}
