using System.Globalization;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Credentials;

namespace VolunteerBook.Documents.Credentials;

/// <summary>A book as a résumé in the open format JSON Resume (schema 1.0.0): its section <c>volunteer</c>, an item for each organisation.</summary>
public static class JsonResume
{
    private const string Schema = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json";

    /// <summary>The résumé: the holder's name, and the work with each organisation, latest first. Dates are days by the clocks of the places.</summary>
    public static JsonObject Of(ExtractDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var say = new Wording(document.Language);
        return new JsonObject
        {
            ["$schema"] = Schema,
            ["basics"] = new JsonObject { ["name"] = document.Holder.Name },
            ["volunteer"] = new JsonArray([.. document.Entries.GroupBy(entry => (entry.OrganisationId, entry.Organisation))
                .OrderByDescending(group => group.SelectMany(entry => entry.Shifts).Max(shift => shift.Start))
                .Select(group => Item(say, group.Key.Organisation, [.. group]))]),
            ["meta"] = new JsonObject { ["lastModified"] = VerifiableCredential.Moment(document.AsOf), ["canonical"] = document.CheckUrl },
        };
    }

    private static JsonObject Item(Wording say, string organisation, IReadOnlyList<ExtractEntry> entries)
    {
        var shifts = entries.SelectMany(entry => entry.Shifts).ToList();
        return new JsonObject
        {
            ["organization"] = organisation,
            ["position"] = string.Join(", ", entries.Select(entry => entry.ResponsibilityLevel ?? entry.TaskTypeName).Distinct()),
            ["startDate"] = Day(shifts.Min(shift => shift.Start)),
            ["endDate"] = Day(shifts.Max(shift => shift.Start)),
            ["summary"] = string.Join("; ", ExtractDocument.TotalsOf([.. entries]).Where(total => total.Entries > 0).Reverse()
                .Select(total => $"{say["grade." + ExtractJson.Kebab(total.Grade)]}: {say.Duration(total.Minutes)}")),
            ["highlights"] = new JsonArray([.. entries.GroupBy(entry => ProjectName.Key(entry.Project)).Select(project =>
                JsonValue.Create($"{project.First().Project}: {say.Duration(project.Sum(entry => (long)entry.CountedMinutes))}"))]),
        };
    }

    private static string Day(DateTime start) => start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
