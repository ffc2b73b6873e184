using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace VolunteerBook.Identity.Tests;

/// <summary>A browser without scripts: keeps cookies, fills forms, and goes where it is sent as long as that is the service itself.</summary>
public sealed partial class Browser(Uri address, CookieContainer cookies) : IDisposable
{
    public const string Verifier = "a-verifier-of-more-than-forty-three-characters-0123456789";
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = address };

    /// <summary>What the portal would send the browser to.</summary>
    public static string AuthorizeUrl(params (string Name, string? Value)[] changes)
    {
        var query = new Dictionary<string, string?>
        {
            ["client_id"] = "portal",
            ["redirect_uri"] = IdentityService.PortalCallback,
            ["response_type"] = "code",
            ["scope"] = "openid profile offline_access book",
            ["state"] = "state-1",
            ["nonce"] = "nonce-1",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier))),
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes) query[name] = value;
        return QueryHelpers.AddQueryString("/connect/authorize", query.Where(q => q.Value is not null));
    }

    /// <summary>Another browser with the cookies that this one has now: what a thief would copy.</summary>
    public Browser Copy()
    {
        var copied = new CookieContainer();
        copied.Add(cookies.GetAllCookies());
        return new(address, copied);
    }

    /// <summary>From here on it speaks from another network, as a proxy in front of the service would say.</summary>
    public void SpeaksFrom(string network)
    {
        http.DefaultRequestHeaders.Remove("X-Forwarded-For");
        http.DefaultRequestHeaders.Add("X-Forwarded-For", network);
    }

    public Task<Page> GetAsync(string url, string? language = null) => SendAsync(() =>
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (language is not null) request.Headers.AcceptLanguage.ParseAdd(language);
        return request;
    });

    /// <summary>Sends the page's form with its hidden fields and these.</summary>
    public Task<Page> SubmitAsync(Page page, params (string Name, string Value)[] fields) => SendAsync(() => new(HttpMethod.Post, page.FormAction)
    {
        Content = new FormUrlEncodedContent(page.HiddenFields.Concat(fields).Select(f => KeyValuePair.Create(f.Name, f.Value))),
    });

    /// <summary>Opens the sign-in page of an authorization request and signs in; ends at the client's address.</summary>
    public async Task<Page> SignInAsync(string userName, string password, string? url = null)
    {
        var page = await GetAsync(url ?? AuthorizeUrl());
        return await SubmitAsync(page, ("userName", userName), ("password", password));
    }

    public void Dispose() => http.Dispose();

    async Task<Page> SendAsync(Func<HttpRequestMessage> first)
    {
        var answer = await http.SendAsync(first());
        for (var hops = 0; hops < 10; hops++)
        {
            if (answer.Headers.Location is not { } location) break;

            var target = new Uri(answer.RequestMessage!.RequestUri!, location);
            if (target.Authority != address.Authority || target.AbsolutePath == "/") return new(answer, "", target);

            answer = await http.GetAsync(target);
        }

        return new(answer, await answer.Content.ReadAsStringAsync(), null);
    }

    /// <summary>Where the browser ended: a page, or an address elsewhere.</summary>
    public sealed record Page(HttpResponseMessage Answer, string Html, Uri? SentTo)
    {
        public HttpStatusCode Status => Answer.StatusCode;

        public string Path => Answer.RequestMessage!.RequestUri!.AbsolutePath;

        public string FormAction => WebUtility.HtmlDecode(Action().Match(Html).Groups[1].Value);

        /// <summary>What the page says is wrong.</summary>
        public string Alert => WebUtility.HtmlDecode(Html.Split("class=\"mistakes\"")[1].Split("<form")[0]);

        public (string Name, string Value)[] HiddenFields =>
            [.. Hidden()
                .Matches(Html).Select(m => (m.Groups["name"].Value, WebUtility.HtmlDecode(m.Groups["value"].Value))).DistinctBy(hidden => hidden.Item1)];

        /// <summary>What the page shows, without what differs from one answer to the next.</summary>
        public string Plain => Options().Replace(
            HiddenFields.Where(each => each.Value.Length > 0).Aggregate(Html, (html, each) => html.Replace(each.Value, "", StringComparison.Ordinal)), "");

        /// <summary>A parameter of the address the browser was sent to.</summary>
        public string? Parameter(string name) =>
            SentTo is null ? null : QueryHelpers.ParseQuery(SentTo.Query).TryGetValue(name, out var value) ? value.ToString() : null;
    }

    [GeneratedRegex("data-options=\"[^\"]*\"")]
    private static partial Regex Options();

    [GeneratedRegex("<form[^>]* action=\"([^\"]+)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input (?:name=\"(?<name>[^\"]+)\" type=\"hidden\"|type=\"hidden\" name=\"(?<name>[^\"]+)\") value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Hidden();
}
