using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Peer.Messaging;

/// <summary>Somebody put work into their book.</summary>
public sealed record EntryLogged(Guid EntryId, Guid VolunteerId, Guid OrganisationId, string TaskType, string Region, int Minutes, DateTimeOffset At);

/// <summary>An organisation is asked to confirm an entry.</summary>
public sealed record EntrySubmitted(
    Guid EntryId, int Revision, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, List<Shift> Shifts, int Minutes,
    DateTimeOffset At);

/// <summary>An organisation signed.</summary>
public sealed record CaseConfirmed(Guid CaseId, Guid EntryId, string Kid, string Signature, Guid By, DateTimeOffset At);

/// <summary>An entry of a book is confirmed: its hours count.</summary>
public sealed record EntryConfirmed(
    Guid EntryId, Guid VolunteerId, Guid OrganisationId, string TaskType, string Region, DateOnly FirstDay, int Minutes, DateTimeOffset At);
