using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Reporting.Tests;

/// <summary>What the ledger may say, in one line each.</summary>
internal static class Given
{
    public static readonly DateTimeOffset At = new(2026, 5, 10, 9, 0, 0, TimeSpan.Zero);

    public static Shift Shift(string start, int minutes, string zone = "Europe/Moscow") =>
        new(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), zone, minutes);

    public static EntryFacts Facts(Guid organisation, params Shift[] shifts) => new(organisation, "Забота рядом", "D12", "RU-MOW", shifts);

    public static EntrySubmittedV1 Submitted(Guid entry, Guid volunteer, EntryFacts facts, int revision = 1) => new(entry, revision, volunteer, facts, At);

    public static EntryConfirmedV1 Confirmed(Guid entry, Guid volunteer, EntryFacts facts, int revision = 1, EvidenceGrade? grade = null) =>
        new(entry, revision, CaseIds.Of(entry, revision), volunteer, facts, At, grade);

    public static EntryDeclinedV1 Declined(Guid entry, Guid volunteer, int revision = 1, bool returned = true) =>
        new(entry, revision, CaseIds.Of(entry, revision), volunteer, returned, At);

    public static EntryWithdrawnV1 Withdrawn(Guid entry, Guid volunteer, EntryFacts facts, int revision = 1) =>
        new(entry, revision, volunteer, facts.OrganisationId, At);

    public static EntryRevokedV1 Revoked(Guid entry, Guid volunteer, int revision = 1) => new(entry, revision, CaseIds.Of(entry, revision), volunteer, At);
}
