using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Reviews;

/// <summary>
/// <c>POST /api/v1/cases/{id}/reviews</c>: after a confirmation the volunteer reviews the organisation, or an appointed coordinator the volunteer (F14): which,
/// follows from the caller. One of each side for an entry.
/// </summary>
/// <param name="Rating">1 to 5.</param>
/// <param name="Text">At most 2000 characters.</param>
/// <param name="Recommendation">The organisation recommends the volunteer; only a coordinator says so.</param>
public sealed record GiveReview(int Rating, string Text, bool Recommendation = false);

public static class GiveReviewEndpoint
{
    /// <summary>The longest text of a review and of its answer.</summary>
    public const int MostCharacters = 2000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/reviews", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Review the organisation, or the volunteer, after a confirmation")
            .WithExample(new GiveReview(5, "Всё было хорошо устроено."));

    private static async Task<Results<Created<ReviewView>, NotFound, ProblemHttpResult>> Handle(
        Guid id, GiveReview command, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Case>(id, ct) is not { } found || await session.LoadAsync<Organisation>(found.OrganisationId, ct) is not { } organisation)
        {
            return TypedResults.NotFound();
        }

        var (volunteer, coordinator) = (found.VolunteerId == caller.Id, organisation.IsAppointed(caller.Id, now));
        if (!volunteer && !coordinator)
        {
            return organisation.IsCoordinator(caller.Id, now) ? CoordinatorsCase.NotForDeputies.ToProblem() : TypedResults.NotFound();
        }

        var side = volunteer ? ReviewSide.Volunteer : ReviewSide.Organisation;
        var stream = await session.Events.FetchForWriting<Review>(Review.IdOf(found.EntryId, side), ct);
        var decision = volunteer && coordinator ? OfOneself : Decide(found, stream.Aggregate, command, side, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, decision.Events.Count);
        var given = Review.Create((ReviewGiven)decision.Events.Single()) with { Id = stream.Id, Version = decision.Events.Count };
        return TypedResults.Created($"/api/v1/reviews/{given.Id}", ReviewView.Of(given, new Standing(IsAuthor: true, IsReviewed: false), now));
    }

    public static Decision Decide(Case found, Review? given, GiveReview command, ReviewSide side, DateTimeOffset now) =>
        Refusal.All(
        [
            command.Rating is < 1 or > 5 ? Refusal.Invalid("rating-out-of-range", "rating", "The rating must be 1 to 5.") : null,
            Rules.Text("text", command.Text, MostCharacters),
            command.Recommendation && side == ReviewSide.Volunteer
                ? Refusal.Invalid("recommendation-by-volunteer", "recommendation", "Only an organisation can give a recommendation.")
                : null,
        ]) is { } broken ? broken
        : found.Status is not (CaseStatus.Confirmed or CaseStatus.Settled)
            ? Refusal.Conflict("case-not-confirmed", "A review can be given only after a confirmation that stands.")
        : given is not null ? Refusal.Conflict("review-given-already", "Each side can give only one review for an entry.")
        : Decision.Append(new ReviewGiven(
            found.EntryId, found.Id, found.VolunteerId, found.OrganisationId, side, command.Rating, command.Text.Trim(), now, command.Recommendation));

    /// <summary>The refusal to judge oneself.</summary>
    public static Refusal OfOneself { get; } = Refusal.Conflict(
        "review-of-oneself", "Nobody may review their own work or organisation, or decide on a review that they wrote or that is about them.");
}
