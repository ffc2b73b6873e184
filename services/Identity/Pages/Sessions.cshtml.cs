using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace VolunteerBook.Identity.Pages;

/// <summary>Where the person is signed in, and a way to end what they do not know.</summary>
public sealed class SessionsModel(Sessions sessions, UserManager<Account> accounts, IConfiguration configuration) : PageModel
{
    /// <summary>A session as it is shown.</summary>
    public sealed record Shown(Guid Id, string Browser, DateTimeOffset StartedAt, DateTimeOffset UsedAt, string Clients, bool IsPresent);

    public IReadOnlyList<Shown> All { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (await PresentAsync() is not { } present) return SignInFirst();

        var clients = Clients.Configured(configuration);
        All =
        [
            .. (await sessions.OfAsync(present.Account)).Select(session => new Shown(
                session.Id, BrowserName.Of(session.Browser), InMoscow(session.StartedAt), InMoscow(session.UsedAt),
                string.Join(", ", session.Clients.Select(client => clients.GetValueOrDefault(client)?.DisplayName ?? client)), session.Id == present.Session)),
        ];
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(Guid? session, bool others)
    {
        if (await PresentAsync() is not { } present) return SignInFirst();

        var ended = others ? (await sessions.OfAsync(present.Account)).Select(each => (Guid?)each.Id).Where(id => id != present.Session) : [session];
        foreach (var each in ended) await sessions.EndAsync(each, present.Account.ToString());
        return RedirectToPage();
    }

    async Task<(Guid Account, Guid? Session)?> PresentAsync()
    {
        var cookie = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return cookie.Succeeded ? (Guid.Parse(accounts.GetUserId(cookie.Principal)!), Sessions.Of(cookie.Properties)) : null;
    }

    // As the portal tells times where no place gives another zone.
    static DateTimeOffset InMoscow(DateTimeOffset moment) => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(moment, "Europe/Moscow");

    RedirectToPageResult SignInFirst() => RedirectToPage("/SignIn", new { returnUrl = "/account/sessions" });
}
