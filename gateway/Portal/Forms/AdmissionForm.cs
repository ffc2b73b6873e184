using Microsoft.Extensions.Localization;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal.Forms;

/// <summary>What the forms of <c>Admitting</c> do: the same in the list of organisations that wait and on an organisation's own page.</summary>
public static class AdmissionForm
{
    /// <summary>Admits or refuses; null where something is wrong, which the form then says, otherwise the text <c>done.KEY</c> that tells of it.</summary>
    public static async Task<string?> Act(Form form, IStringLocalizer t, Profiles profiles)
    {
        _ = Guid.TryParse(form["organisation"], out var id);
        var reason = form.Text("reason");
        if (form.Do == "refuse" && reason is null) form.Fail("reason-" + id, t["administration.reason-missing"]);
        if (!form.IsValid) return null;

        var outcome = form.Do == "refuse" ? await profiles.Refuse(id, reason!, form) : await profiles.Approve(id, form);
        if (outcome.Problem is { } problem) form.Take(problem, t);
        return outcome.Problem is not null ? null : form.Do == "refuse" ? "organisation-refused" : "organisation-approved";
    }
}
