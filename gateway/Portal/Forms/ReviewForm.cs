using System.Globalization;
using Microsoft.Extensions.Localization;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal.Forms;

/// <summary>What the forms about the reviews of a case do: the same on the volunteer's page and on the coordinator's.</summary>
public static class ReviewForm
{
    /// <summary>Whether the form that was sent is one of these.</summary>
    public static bool IsOne(Form form) => form.Do.StartsWith("review", StringComparison.Ordinal);

    /// <summary>Does what was asked for; false where something is wrong, which the form then says.</summary>
    public static async Task<bool> Act(Form form, IStringLocalizer t, Verification verification, Guid caseId)
    {
        _ = Guid.TryParse(form["review"], out var id);
        var text = form.Do switch
        {
            "review-withdraw" => "",
            "review-report" => form.Require("review.reason", t, 1000),
            "review-answer" => form.Require("review.answer", t, 2000),
            "review-change" => form.Require("review.change", t, 2000),
            _ => form.Require("review.text", t, 2000),
        };
        var rating = 0;
        if (form.Do == "review" && !int.TryParse(form["review.rating"], NumberStyles.None, CultureInfo.InvariantCulture, out rating))
            form.Fail("review.rating", t["review.rating-missing"]);
        if (!form.IsValid) return false;

        var outcome = form.Do switch
        {
            "review-withdraw" => await verification.ChangeReview(id, "withdrawal", new { }, form),
            "review-report" => await verification.ChangeReview(id, "report", new { reason = text }, form),
            "review-answer" => await verification.ChangeReview(id, "answer", new { text }, form),
            "review-change" => await verification.ChangeReview(id, "corrections", new { text }, form),
            _ => await verification.GiveReview(caseId, rating, text!, form["review.recommendation"] == "true", form),
        };
        if (outcome.Problem is { } problem) form.Take(problem, t);
        return outcome.Problem is null;
    }
}
