using VolunteerBook.Contracts.Ledger;

namespace VolunteerBook.Ledger.Entries;

/// <summary>An entry was put into a book, as a draft.</summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Source">Who said so first.</param>
/// <param name="Facts">What was done.</param>
/// <param name="Description">The volunteer's own words, at most 4000 characters; never leaves the ledger.</param>
/// <param name="At">When it was logged, UTC.</param>
public sealed record EntryLogged(Guid VolunteerId, EntrySource Source, EntryFacts Facts, string? Description, DateTimeOffset At);

/// <summary>The volunteer changed an entry that was not confirmed.</summary>
/// <param name="Facts">What was done, as it is said now.</param>
/// <param name="Description">The volunteer's own words.</param>
/// <param name="Reason">Why it was changed.</param>
/// <param name="At">When, UTC.</param>
public sealed record EntryCorrected(EntryFacts Facts, string? Description, string Reason, DateTimeOffset At);

/// <summary>The volunteer asked the organisation to confirm.</summary>
/// <param name="Revision">Which submission of this entry, from 1.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What is to be confirmed.</param>
/// <param name="At">When, UTC.</param>
public sealed record EntrySubmitted(int Revision, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At);

/// <summary>The volunteer took the entry back.</summary>
/// <param name="Revision">The submission that waited for a decision, 0 where none did.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="OrganisationId">The organisation that had been asked.</param>
/// <param name="Reason">Why, in the volunteer's words.</param>
/// <param name="At">When, UTC.</param>
public sealed record EntryWithdrawn(int Revision, Guid VolunteerId, Guid OrganisationId, string? Reason, DateTimeOffset At);

/// <summary>The organisation confirmed a submission with its signature.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that holds the signature.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What was confirmed.</param>
/// <param name="At">When the book took it over, UTC.</param>
public sealed record EntryConfirmed(int Revision, Guid CaseId, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At);

/// <summary>The organisation refused to confirm a submission.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that holds the reason.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the book took it over, UTC.</param>
public sealed record EntryRejected(int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At);

/// <summary>The organisation asked for changes to a submission.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that holds what is asked for.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the book took it over, UTC.</param>
public sealed record EntryReturned(int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At);
