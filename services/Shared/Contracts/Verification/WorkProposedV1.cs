namespace VolunteerBook.Contracts.Verification;

/// <summary>An organisation signed an attendance sheet with work of these volunteers that is in none of their entries yet.</summary>
/// <param name="SheetId">The sheet.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Volunteers">Whose work it is, at most 200; of a longer sheet there are several messages.</param>
/// <param name="At">When the sheet was signed, UTC.</param>
public sealed record WorkProposedV1(Guid SheetId, Guid OrganisationId, IReadOnlyList<ProposedWork> Volunteers, DateTimeOffset At);

/// <summary>What a sheet has of one volunteer.</summary>
/// <param name="VolunteerId">The volunteer.</param>
/// <param name="Shifts">How many shifts.</param>
/// <param name="Minutes">How long they are together, minutes.</param>
public sealed record ProposedWork(Guid VolunteerId, int Shifts, int Minutes);
