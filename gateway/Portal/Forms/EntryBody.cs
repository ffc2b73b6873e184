using System.Globalization;
using Microsoft.Extensions.Localization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal.Forms;

/// <summary>What an entry says besides its organisation, read from a form.</summary>
public sealed record EntryBody(
    string? Project, string? TaskType, string? Region, string? Description, IReadOnlyList<Shift> Shifts, string Level, string? Place, Volume? Volume,
    IReadOnlyList<DocumentReference> Documents)
{
    /// <summary>So many inputs for documents are shown; an entry that has more shows all of them.</summary>
    public const int UsualDocuments = 3;

    /// <summary>Codes of the responsibility levels, from the least on.</summary>
    public static readonly string[] Levels = ["participant", "teamLead", "coordinator", "expert"];

    static readonly string[] DocumentParts = ["title", "number", "date", "uri"];

    /// <summary>Reads and marks. The same rules hold in the Ledger; here they are said in the person's language, beside the input.</summary>
    public static EntryBody Read(Form form, IStringLocalizer t, TimeProvider clock)
    {
        var project = form.Require("project", t);
        var taskType = form.Text("taskType");
        if (TaskTypes.Find(taskType) is null) form.Missing("taskType", t);
        var region = form.Text("region");
        if (Regions.Find(region) is null) form.Missing("region", t);
        var shifts = new ShiftInputs(form).Read(region, t, clock.GetUtcNow());
        var description = form.Text("description");
        if (description?.Length > 4000) form.Fail("description", t["form.too-long", 4000]);
        var place = form.Text("place");
        if (place?.Length > 200) form.Fail("place", t["form.too-long", 200]);
        var level = Array.IndexOf(Levels, form["level"]) < 0 ? Levels[0] : form["level"];
        return new EntryBody(project, taskType, region, description, shifts, level, place, ReadVolume(form, taskType, t), ReadDocuments(form, t));
    }

    /// <summary>How many documents the form has inputs for.</summary>
    public static int DocumentCount(Form form) => Math.Clamp(int.TryParse(form["documentCount"], out var count) ? count : UsualDocuments, UsualDocuments, 20);

    /// <summary>The name of an input of a document.</summary>
    public static string Document(int index, string part) => $"documents[{index}].{part}";

    /// <summary>Fills the inputs from what is stored.</summary>
    public static void Show(Form form, Facts facts, string? description, IReadOnlyList<DocumentReference> documents)
    {
        form["project"] = facts.Project;
        form["taskType"] = facts.TaskType;
        form["region"] = facts.Region;
        form["level"] = facts.Level ?? Levels[0];
        form["place"] = facts.Place ?? "";
        form["volume.amount"] = facts.Volume?.Amount.ToString(CultureInfo.InvariantCulture) ?? "";
        form["volume.unit"] = facts.Volume?.Unit ?? "";
        form["description"] = description ?? "";
        form["documentCount"] = Math.Max(UsualDocuments, documents.Count).ToString(CultureInfo.InvariantCulture);
        foreach (var (index, document) in documents.Index())
        {
            form[Document(index, "title")] = document.Title;
            form[Document(index, "number")] = document.Number ?? "";
            form[Document(index, "date")] = document.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
            form[Document(index, "uri")] = document.Uri ?? "";
        }

        new ShiftInputs(form).Show(facts.Shifts, facts.Region);
    }

    /// <summary>The record in a paper book that a new entry is taken from, or null when none of it was given.</summary>
    public static PaperRecord? ReadPaper(Form form, IStringLocalizer t)
    {
        if (form.Text("paper.number") is null && form.Text("paper.issuedBy") is null && form.Text("paper.page") is null) return null;
        return new PaperRecord(form.Require("paper.number", t, 100) ?? "", form.Require("paper.issuedBy", t) ?? "", form.Number("paper.page", 1, 10_000, t));
    }

    static Volume? ReadVolume(Form form, string? taskType, IStringLocalizer t)
    {
        var amount = form.Number("volume.amount", 1, Volume.MostAmount, t);
        var unit = VolumeUnits.Find(form.Text("volume.unit"));
        if (unit is not null && form.Text("volume.amount") is null) form.Missing("volume.amount", t);
        if (unit is null && amount is not null) form.Missing("volume.unit", t);
        if (unit is not null && TaskTypes.Find(taskType) is not null && !unit.Measures(taskType!)) form.Fail("volume.unit", t["problem.unit-not-of-the-task"]);
        return amount is { } number && unit is not null ? new Volume(number, unit.Code) : null;
    }

    static List<DocumentReference> ReadDocuments(Form form, IStringLocalizer t)
    {
        // Rows that were left empty move to the end, so that a refusal of the third document finds the third row.
        var rows = Enumerable.Range(0, DocumentCount(form)).Select(index => DocumentParts.ToDictionary(part => part, part => form[Document(index, part)]))
            .OrderBy(row => row.Values.All(string.IsNullOrWhiteSpace)).ToList();
        List<DocumentReference> documents = [];
        foreach (var (index, row) in rows.Index())
        {
            foreach (var (part, value) in row) form[Document(index, part)] = value;
            if (row.Values.All(string.IsNullOrWhiteSpace)) continue;
            var title = form.Text(Document(index, "title"));
            if (title is null) form.Fail(Document(index, "title"), t["missing.document"]);
            var uri = form.Text(Document(index, "uri"));
            if (uri is not null && !(Uri.TryCreate(uri, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps))
                form.Fail(Document(index, "uri"), t["problem.uri-malformed"]);
            documents.Add(new DocumentReference(title ?? "", form.Text(Document(index, "number")), form.Day(Document(index, "date"), t), uri));
        }

        return documents;
    }
}
