using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace VolunteerBook.Identity;

/// <summary>Signs a person in at a browser, once it is known who they are.</summary>
public sealed class SignIns(SignInManager<Account> signIn, SecondStep second, Sessions sessions, Throttle throttle, TimeProvider clock)
{
    /// <summary>So long after somebody has shown who they are, they may change how they sign in.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    /// <summary>After the password, or another provider: begins a session, or asks for the second step where the account has one.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="remember">The cookie outlives the browser.</param>
    /// <param name="shown">The person has just shown who they are. Another provider may know that from long ago.</param>
    /// <returns>Whether the person is signed in.</returns>
    public async Task<bool> AfterFirstStepAsync(HttpContext http, Account account, bool remember, bool shown)
    {
        if (account.TwoFactorEnabled) second.Ask(http, account, remember, shown);
        else await BeginAsync(http, account, remember, shown);
        return !account.TwoFactorEnabled;
    }

    /// <summary>Begins a session, of which the browser gets the cookie. That says when the person has shown who they are, if it was just now.</summary>
    public async Task BeginAsync(HttpContext http, Account account, bool remember, bool shown = true)
    {
        throttle.Remember(http, account);
        var properties = new AuthenticationProperties { IsPersistent = remember };
        await sessions.BeginAsync(account, http.Request.Headers.UserAgent.ToString(), properties);
        if (shown) await RenewAsync(account, properties);
        else await signIn.SignInAsync(account, properties);
    }

    /// <summary>The person has shown again who they are: the same session, and a later time in its cookie, which ends when it would have ended.</summary>
    public Task RenewAsync(Account account, AuthenticationProperties cookie)
    {
        cookie.SetString(Authorize.SignedInAt, clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return signIn.SignInAsync(account, cookie);
    }

    /// <summary>When the person last showed who they are; nothing when only another provider has said so.</summary>
    public static DateTimeOffset? At(AuthenticationProperties? cookie) =>
        cookie?.GetString(Authorize.SignedInAt) is { } text && long.TryParse(text, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
