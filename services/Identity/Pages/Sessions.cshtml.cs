using Microsoft.AspNetCore.Mvc;

namespace VolunteerBook.Identity.Pages;

/// <summary>Where the person is signed in, and a way to end what they do not know.</summary>
public sealed class SessionsModel(Sessions sessions, IConfiguration configuration) : SignedInPage
{
    /// <summary>A session as it is shown.</summary>
    public sealed record Shown(Guid Id, string Browser, DateTimeOffset StartedAt, DateTimeOffset UsedAt, string Clients, bool IsPresent);

    public IReadOnlyList<Shown> All { get; private set; } = [];

    protected override bool IsForDemo => true;

    public async Task OnGetAsync()
    {
        var clients = Clients.Configured(configuration);
        All =
        [
            .. (await sessions.OfAsync(Account.Id)).Select(session => new Shown(
                session.Id, BrowserName.Of(session.Browser), InMoscow(session.StartedAt), InMoscow(session.UsedAt),
                string.Join(", ", session.Clients.Select(client => clients.GetValueOrDefault(client)?.DisplayName ?? client)), session.Id == Session)),
        ];
    }

    public async Task<IActionResult> OnPostAsync(Guid? session, bool others)
    {
        if (others) await sessions.TellAsync(await sessions.RemoveAsync(Account.Id, but: Session));
        else await sessions.EndAsync(session, Account.Id.ToString());
        return RedirectToPage();
    }

    // As the portal tells times where no place gives another zone.
    static DateTimeOffset InMoscow(DateTimeOffset moment) => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(moment, "Europe/Moscow");
}
