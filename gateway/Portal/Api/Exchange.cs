using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>A text in the two languages of the site.</summary>
public sealed record BothLanguages(string Russian, string English);

/// <summary>What an agency reads books for.</summary>
public sealed record Purpose(string Code, BothLanguages Description);

/// <summary>A body outside that reads confirmed data of volunteers who allowed it.</summary>
public sealed record Agency(string ClientId, BothLanguages Name, IReadOnlyList<Purpose> Purposes);

/// <summary>What of a book a grant gives. <paramref name="Gives"/>: totals or entries.</summary>
public sealed record GrantScope(string Gives, DateOnly? From, DateOnly? To, Guid? OrganisationId);

/// <summary>What the volunteer allows an agency; <paramref name="Until"/> is the last day on which it holds, UTC.</summary>
public sealed record Grant(
    Guid Id, string Agency, string Purpose, GrantScope Scope, DateOnly Until,
    DateTimeOffset GivenAt, DateTimeOffset? WithdrawnAt, int Accesses, DateTimeOffset? LastAccessAt)
{
    /// <summary>stands, ended or withdrawn.</summary>
    public string StatusAt(DateTimeOffset now) => WithdrawnAt is not null ? "withdrawn" : Until < DateOnly.FromDateTime(now.UtcDateTime) ? "ended" : "stands";
}

/// <summary>
/// One time that data was given to an agency. <paramref name="Means"/>: read, or webhook with the <paramref name="Message"/>'s type;
/// <paramref name="Entries"/> is 0 where it was sums only.
/// </summary>
public sealed record Access(Guid Id, DateTimeOffset At, string Means, string? Form, string? Message, int Entries, long Minutes);

/// <summary>Agencies, and what the caller allows them.</summary>
public sealed class Exchange(GatewayApi api)
{
    /// <summary>All agencies, in the order of their registration.</summary>
    public async Task<IReadOnlyList<Agency>> Agencies()
    {
        List<Agency> all = [];
        string? after = null;
        do
        {
            var page = (await api.Read<Page<Agency>>("agencies" + Query(("after", after), ("limit", "100")))).Value;
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        return all;
    }

    /// <summary>The caller's grants, the newest first.</summary>
    public async Task<Page<Grant>> Grants(string? after) => (await api.Read<Page<Grant>>("grants" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>A grant of the caller's with its version.</summary>
    public Task<Tagged<Grant>> Grant(Guid id) => api.Read<Grant>($"grants/{id}");

    /// <summary>What was given under a grant, the latest first.</summary>
    public async Task<Page<Access>> Accesses(Guid id, string? after) =>
        (await api.Read<Page<Access>>($"grants/{id}/accesses" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>What the caller did with a grant, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"grants/{id}/history")).Value;

    /// <summary>Allows an agency to read.</summary>
    public Task<Outcome<Created>> Give(object grant, Form form) => api.Change<Created>(HttpMethod.Post, "grants", grant, form);

    /// <summary>Takes a grant back.</summary>
    public Task<Outcome<NoBody>> Withdraw(Guid id, Form form) => api.Post($"grants/{id}/withdrawal", new { }, form);
}
