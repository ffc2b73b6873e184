using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Peer.Verification;

/// <summary>A submission that waits for an organisation's word, or has it.</summary>
public sealed class Case
{
    public Guid Id { get; init; }

    public Guid EntryId { get; init; }

    public int Revision { get; init; }

    public Guid VolunteerId { get; init; }

    public Guid OrganisationId { get; init; }

    public required string Project { get; init; }

    public required string TaskType { get; init; }

    public required string Region { get; init; }

    public required List<Shift> Shifts { get; init; }

    public int Minutes { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public required string Status { get; set; }

    public string? Kid { get; set; }

    public string? Signature { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>How often it was changed: what <c>If-Match</c> is compared with.</summary>
    public int Version { get; set; }

    /// <summary>What the organisation signs, in the form of ours.</summary>
    public byte[] Statement() => CanonicalJson.Bytes(new JsonObject
    {
        ["caseId"] = Id.ToString(),
        ["entryId"] = EntryId.ToString(),
        ["revision"] = Revision,
        ["volunteerId"] = VolunteerId.ToString(),
        ["organisationId"] = OrganisationId.ToString(),
        ["project"] = Project,
        ["taskType"] = TaskType,
        ["region"] = Region,
        ["minutes"] = Minutes,
        ["shifts"] = ShiftJson.Of(Shifts),
    });
}
