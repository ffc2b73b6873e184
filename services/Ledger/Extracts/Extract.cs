using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>An extract as it was issued. It never changes; what it speaks of may, see <see cref="Certificate"/>.</summary>
public sealed record Extract
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public Guid VolunteerId { get; init; }

    public required string Number { get; init; }

    public required string Language { get; init; }

    public required ExtractScope Scope { get; init; }

    public DateTimeOffset AsOf { get; init; }

    public required GradedMinutes Grades { get; init; }

    public int Points { get; init; }

    public int Entries { get; init; }

    public required IReadOnlyList<HeldConfirmation> Holds { get; init; }

    public required string Sha256 { get; init; }

    public int StatusIndex { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public static Extract Create(ExtractIssued e) => new()
    {
        VolunteerId = e.VolunteerId,
        Number = e.Number,
        Language = e.Language,
        Scope = e.Scope,
        AsOf = e.AsOf,
        Grades = e.Grades,
        Points = e.Points,
        Entries = e.Entries,
        Holds = e.Holds,
        Sha256 = e.Sha256,
        StatusIndex = e.StatusIndex,
        IssuedAt = e.At,
    };
}
