using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Verification.Cases;

/// <summary>What the organisation signs: the facts of a case as canonical JSON (RFC 8785), the same bytes for everyone who makes it.</summary>
public static class Statement
{
    /// <summary>Names the form of the statement of confirmation, and its version.</summary>
    public const string Form = "https://volunteerbook.example/statements/confirmation/1";

    /// <summary>Names the form of the statement of revocation, and its version.</summary>
    public const string RevocationForm = "https://volunteerbook.example/statements/revocation/1";

    /// <summary>What confirming says: canonical bytes, UTF-8. Members that say nothing (no place, no volume, no points) are left out.</summary>
    public static byte[] Of(Case confirmed, int points) => Of(confirmed, confirmed.ConfirmedInPart ?? confirmed.Facts(), points);

    /// <summary>What confirming these facts of the case says, which may be less than was submitted.</summary>
    public static byte[] Of(Case confirmed, EntryFacts facts, int points)
    {
        var statement = new JsonObject
        {
            ["form"] = Form,
            ["caseId"] = confirmed.Id.ToString(),
            ["entryId"] = confirmed.EntryId.ToString(),
            ["revision"] = confirmed.Revision,
            ["volunteerId"] = confirmed.VolunteerId.ToString(),
            ["organisationId"] = confirmed.OrganisationId.ToString(),
            ["project"] = facts.Project,
            ["taskType"] = facts.TaskType,
            ["region"] = facts.Region,
            ["level"] = JsonNamingPolicy.CamelCase.ConvertName(facts.Level.ToString()),
            ["minutes"] = facts.Minutes(),
            ["shifts"] = ShiftJson.Of(facts.Shifts),
        };
        if (facts.Place is { } place)
        {
            statement["place"] = place;
        }

        if (facts.Volume is { } volume)
        {
            statement["volume"] = new JsonObject { ["amount"] = volume.Amount, ["unit"] = volume.Unit };
        }

        if (points > 0)
        {
            statement["points"] = points;
        }

        if (confirmed.Amends is { } standing)
        {
            statement["supersedes"] = standing.Revision;
        }

        return CanonicalJson.Bytes(statement);
    }

    /// <summary>
    /// What revoking says: canonical bytes, UTF-8. It names the confirmation by the SHA-256 of its signature, and the reason, which is free text, by its own.
    /// </summary>
    public static byte[] OfRevocation(Case confirmed, string reason) => CanonicalJson.Bytes(new JsonObject
    {
        ["form"] = RevocationForm,
        ["caseId"] = confirmed.Id.ToString(),
        ["entryId"] = confirmed.EntryId.ToString(),
        ["revision"] = confirmed.Revision,
        ["volunteerId"] = confirmed.VolunteerId.ToString(),
        ["organisationId"] = confirmed.OrganisationId.ToString(),
        ["confirmation"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(confirmed.Signature ?? ""))),
        ["reasonSha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reason))),
    });
}
