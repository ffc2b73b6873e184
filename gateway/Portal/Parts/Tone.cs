namespace VolunteerBook.Portal.Parts;

/// <summary>
/// What a state means to who reads it, and with that its colour: good, warn (somebody has to do something), bad, stamp (confirmed by the organisation),
/// unfinished (only the person's own), or none of these.
/// </summary>
public static class Tone
{
    /// <summary>Tones by kind and state, as <c>status.KIND.STATE</c> among the texts.</summary>
    public static readonly IReadOnlyDictionary<string, string?> All = new Dictionary<string, string?>
    {
        ["entry.draft"] = "unfinished",
        ["entry.submitted"] = "warn",
        ["entry.returned"] = "warn",
        ["entry.confirmed"] = "stamp",
        ["entry.rejected"] = "bad",
        ["entry.revoked"] = "bad",
        ["entry.withdrawn"] = null,
        ["case.open"] = "warn",
        ["case.returned"] = "warn",
        ["case.confirmed"] = "stamp",
        ["case.settled"] = "good",
        ["case.rejected"] = "bad",
        ["case.revoked"] = "bad",
        ["case.cancelled"] = null,
        ["organisation.pending"] = "warn",
        ["organisation.approved"] = "good",
        ["organisation.refused"] = "bad",
        ["organisation.suspended"] = "bad",
        ["vacancy.open"] = "good",
        ["vacancy.closed"] = null,
        ["vacancies.open"] = "good",
        ["vacancies.closed"] = null,
        ["application.submitted"] = "warn",
        ["application.accepted"] = "good",
        ["application.declined"] = "bad",
        ["application.withdrawn"] = null,
        ["key.good"] = "good",
        ["key.later"] = "warn",
        ["key.revoked"] = "bad",
        ["key.ended"] = null,
        ["inquiry.confirmed"] = "good",
        ["inquiry.declined"] = "bad",
        ["document.stands"] = "good",
        ["document.changed"] = "warn",
        ["link.open"] = "good",
        ["link.ended"] = null,
        ["link.withdrawn"] = null,
        ["mail.waiting"] = "warn",
        ["mail.sent"] = "good",
        ["mail.failed"] = "bad",
        ["sheet.received"] = "warn",
        ["sheet.signed"] = "good",
        ["sheet.discarded"] = null,
        ["sheet.superseded"] = null,
        ["grant.stands"] = "good",
        ["grant.ended"] = null,
        ["grant.withdrawn"] = null,
        ["site.works"] = "good",
        ["site.slow"] = "warn",
        ["site.away"] = "bad",
        ["match.exact"] = "good",
        ["match.near"] = "warn",
        ["match.contradicted"] = "bad",
        ["match.unknown"] = null,
    };

    /// <summary>The tone of a state; one that is not known has none.</summary>
    public static string? Of(string kind, string state) => All.GetValueOrDefault($"{kind}.{state}");
}
