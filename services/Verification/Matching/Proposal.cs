using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Verification.Matching;

/// <summary>The volunteer says that a row of an attendance sheet is not about work that belongs into the book.</summary>
/// <param name="SheetId">The sheet.</param>
/// <param name="Line">The row's line.</param>
/// <param name="VolunteerId">The volunteer.</param>
/// <param name="Reason">Why, for the organisation to read.</param>
/// <param name="At">When, UTC.</param>
public sealed record ProposalDeclined(Guid SheetId, int Line, Guid VolunteerId, string Reason, DateTimeOffset At);

/// <summary>A row that no entry claims is a proposal to its volunteer. What is kept of it is that it was declined.</summary>
public sealed record Proposal
{
    public Guid Id { get; init; }

    public Guid SheetId { get; init; }

    public int Line { get; init; }

    public Guid VolunteerId { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset DeclinedAt { get; init; }

    /// <summary>UUIDv5 of the line in the sheet's own namespace.</summary>
    public static Guid IdOf(Guid sheet, int line) => Uuid.V5(sheet, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line/{line}"));

    public static Proposal Create(ProposalDeclined e) =>
        new() { SheetId = e.SheetId, Line = e.Line, VolunteerId = e.VolunteerId, Reason = e.Reason, DeclinedAt = e.At };
}
