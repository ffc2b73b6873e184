using Microsoft.Extensions.Localization;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal.Forms;

/// <summary>What the forms about a disputed decision do: the same for the volunteer, the coordinator and the administrator.</summary>
public static class DisputeForm
{
    /// <summary>Whether the form that was sent is one of these.</summary>
    public static bool IsOne(Form form) => form.Do.StartsWith("dispute", StringComparison.Ordinal);

    /// <summary>Does what was asked for; false where something is wrong, which the form then says.</summary>
    public static async Task<bool> Act(Form form, IStringLocalizer t, Verification verification)
    {
        _ = Guid.TryParse(form["case"], out var id);
        var text = form.Do == "dispute-accept" ? "" : form.Require("text", t, 4000);
        if (!form.IsValid) return false;

        var outcome = form.Do switch
        {
            "dispute-accept" => await verification.AcceptPart(id, form),
            "dispute" => await verification.Dispute(id, text!, form),
            _ => await verification.AnswerDispute(id, text!, form),
        };
        if (outcome.Problem is { } problem) form.Take(problem, t);
        return outcome.Problem is null;
    }
}
