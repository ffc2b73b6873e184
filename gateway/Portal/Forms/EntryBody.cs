using Microsoft.Extensions.Localization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Portal.Forms;

/// <summary>What an entry says besides its organisation, read from a form.</summary>
public sealed record EntryBody(string? Project, string? TaskType, string? Region, string? Description, IReadOnlyList<Shift> Shifts)
{
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
        return new EntryBody(project, taskType, region, description, shifts);
    }
}
