using System.Globalization;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence;

namespace VolunteerBook.Verification.Cases;

/// <summary>What the organisation signs: the facts of a case as canonical JSON (RFC 8785), the same bytes for everyone who makes it.</summary>
public static class Statement
{
    /// <summary>Names the form of the statement, and its version.</summary>
    public const string Form = "https://volunteerbook.example/statements/confirmation/1";

    /// <summary>The canonical bytes, UTF-8.</summary>
    public static byte[] Of(Case confirmed) => CanonicalJson.Bytes(new JsonObject
    {
        ["form"] = Form,
        ["caseId"] = confirmed.Id.ToString(),
        ["entryId"] = confirmed.EntryId.ToString(),
        ["revision"] = confirmed.Revision,
        ["volunteerId"] = confirmed.VolunteerId.ToString(),
        ["organisationId"] = confirmed.OrganisationId.ToString(),
        ["project"] = confirmed.Project,
        ["taskType"] = confirmed.TaskType,
        ["region"] = confirmed.Region,
        ["minutes"] = confirmed.Minutes,
        ["shifts"] = new JsonArray([.. confirmed.Shifts.Select(shift => new JsonObject
        {
            ["start"] = shift.Start.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            ["zone"] = shift.Zone,
            ["minutes"] = shift.Minutes,
        })]),
    });
}
