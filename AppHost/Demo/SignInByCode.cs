using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace VolunteerBook.Demo;

/// <summary>
/// Signs a person in as an installed application does (RFC 8252): authorization code with PKCE (RFC 7636), through the account pages, as a browser
/// would that keeps cookies and posts the form with its antiforgery token.
/// </summary>
public static partial class SignInByCode
{
    private const string Client = "mobile";
    private const string Callback = "http://127.0.0.1/callback";

    /// <summary>
    /// Gives the tokens. Throws <see cref="ApiException"/> where the system refuses, <see cref="InvalidOperationException"/> where a page is not as expected.
    /// </summary>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="userName">The e-mail address.</param>
    /// <param name="password">The password.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<TokenReply> SignInAsync(Uri gateway, string userName, string password, CancellationToken ct = default)
    {
        // The redirect to the application is not followed: it carries the code. Cookies are the browser's.
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true, CookieContainer = new CookieContainer() };
        using var browser = new HttpClient(handler) { BaseAddress = gateway };
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

        var (page, address) = await FollowAsync(browser, new Uri(gateway, "/connect/authorize?" + Query(new()
        {
            ["client_id"] = Client,
            ["response_type"] = "code",
            ["redirect_uri"] = Callback,
            ["scope"] = "openid profile offline_access book",
            ["state"] = state,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
        })), ct);
        var form = page is null ? throw new InvalidOperationException("The system gave a code without asking anybody to sign in.") : Form().Match(page);
        var token = Antiforgery().Match(page);
        if (!form.Success || !token.Success)
        {
            throw new InvalidOperationException($"No sign-in form was found at {address.AbsolutePath}.");
        }

        using var filled = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["userName"] = userName,
            ["password"] = password,
            ["__RequestVerificationToken"] = WebUtility.HtmlDecode(token.Groups["value"].Value),
        });
        using var posted = await browser.PostAsync(new Uri(address, WebUtility.HtmlDecode(form.Groups["action"].Value)), filled, ct);
        if (posted.Headers.Location is not { } next)
        {
            throw new InvalidOperationException($"The sign-in page did not accept {userName}'s password: it answered {(int)posted.StatusCode}.");
        }

        var (_, callback) = await FollowAsync(browser, new Uri(address, next), ct);
        var answer = callback.Query.TrimStart('?')
            .Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[^1]));
        if (answer.GetValueOrDefault("state") != state || !answer.TryGetValue("code", out var code))
        {
            throw new InvalidOperationException(
                $"No code came back to the application: {answer.GetValueOrDefault("error") ?? callback.GetLeftPart(UriPartial.Path)}.");
        }

        using var exchange = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Client,
            ["code"] = code,
            ["redirect_uri"] = Callback,
            ["code_verifier"] = verifier,
        });
        using var exchanged = await browser.PostAsync("/connect/token", exchange, ct);
        return (await Reply.OfAsync(exchanged, ct)).Success().Read<TokenReply>();
    }

    // Follows redirects until a page is shown, or the application's own address is reached, which nobody serves: then the page is null.
    private static async Task<(string? Page, Uri Address)> FollowAsync(HttpClient browser, Uri address, CancellationToken ct)
    {
        for (var hops = 0; hops < 10; hops++)
        {
            if (address.AbsoluteUri.StartsWith(Callback, StringComparison.Ordinal))
            {
                return (null, address);
            }

            using var response = await browser.GetAsync(address, ct);
            if (response.Headers.Location is not { } next)
            {
                return ((await Reply.OfAsync(response, ct)).Success().Text, address);
            }

            address = new Uri(address, next);
        }

        throw new InvalidOperationException("Signing in redirects in a circle.");
    }

    private static string Query(Dictionary<string, string> parameters) =>
        string.Join('&', parameters.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));

    [GeneratedRegex(
        "<form[^>]*method=\"post\"[^>]*action=\"(?<action>[^\"]*sign-in[^\"]*)\"|<form[^>]*action=\"(?<action>[^\"]*sign-in[^\"]*)\"[^>]*method=\"post\"",
        RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*name=\"__RequestVerificationToken\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Antiforgery();
}
