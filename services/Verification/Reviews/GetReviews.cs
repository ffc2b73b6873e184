using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Reviews;

/// <summary>A review as everyone may read it. Who wrote it is not told: no volunteer has consented to that yet.</summary>
/// <param name="Id">The review.</param>
/// <param name="Version">Its version: what a report sends as If-Match.</param>
/// <param name="OrganisationId">The organisation that it is about.</param>
/// <param name="Rating">1 to 5.</param>
/// <param name="Text">What was written.</param>
/// <param name="GivenAt">When, UTC.</param>
/// <param name="ChangedAt">When it was written anew last, UTC; null where it was not.</param>
/// <param name="Answer">What the organisation answered, or null.</param>
/// <param name="ConfirmationRevoked">Whether the organisation has since taken back the confirmation after which it was written.</param>
public sealed record PublicReview(
    Guid Id, int Version, Guid OrganisationId, int Rating, string Text, DateTimeOffset GivenAt,
    DateTimeOffset? ChangedAt, ReviewAnswer? Answer, bool ConfirmationRevoked)
{
    public static PublicReview Of(Review review) => new(
        review.Id, review.Version, review.OrganisationId, review.Rating, review.Text, review.GivenAt, review.ChangedAt, review.Answer,
        review.ConfirmationRevokedAt is not null);
}

/// <summary>A page of the reviews of an organisation.</summary>
/// <param name="Items">The reviews, the newest first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Average">The mean of their ratings; null where there is none.</param>
public sealed record OrganisationsReviews(IReadOnlyList<PublicReview> Items, string? Next, int Count, double? Average);

/// <summary>A review as its two sides read it.</summary>
/// <param name="Side">Who wrote it.</param>
/// <param name="Hidden">Whether the administrator hid it: then only its author sees it.</param>
/// <param name="HiddenReason">Why.</param>
/// <param name="Withdrawn">Whether its author took it back: then only the author sees it.</param>
/// <param name="ConfirmationRevoked">Whether the confirmation after which it was written no longer stands.</param>
/// <param name="IsMine">Whether the caller's side wrote it.</param>
/// <param name="CanChange">Whether the caller may write it anew now.</param>
/// <param name="CanAnswer">Whether the caller may answer it now.</param>
public sealed record ReviewView(
    Guid Id, int Version, Guid EntryId, Guid CaseId, Guid VolunteerId, Guid OrganisationId,
    ReviewSide Side, int Rating, string Text, bool Recommendation, DateTimeOffset GivenAt,
    DateTimeOffset? ChangedAt, ReviewAnswer? Answer, bool Hidden, string? HiddenReason,
    bool Withdrawn, bool ConfirmationRevoked, bool IsMine, bool CanChange, bool CanAnswer)
{
    public static ReviewView Of(Review review, Standing standing, DateTimeOffset now) => new(
        review.Id, review.Version, review.EntryId, review.CaseId, review.VolunteerId, review.OrganisationId,
        review.Side, review.Rating, review.Text, review.Recommendation, review.GivenAt,
        review.ChangedAt, review.Answer, review.IsHidden, review.IsHidden ? review.Settlement!.Reason : null, review.WithdrawnAt is not null,
        review.ConfirmationRevokedAt is not null,
        standing.IsAuthor,
        standing.IsAuthor && review.WithdrawnAt is null && review.Answer is null && now < review.GivenAt.AddDays(Review.ChangeableDays),
        standing.IsReviewed && review.IsShown && review.Answer is null);
}

/// <summary>A review that readers reported, for the administrator.</summary>
/// <param name="Version">Its version: what a settlement sends as If-Match.</param>
/// <param name="Side">Who wrote it.</param>
/// <param name="Reports">Why it was reported.</param>
/// <param name="Settlement">What was decided on earlier reports, or null.</param>
public sealed record ReportedReview(
    Guid Id, int Version, Guid OrganisationId, ReviewSide Side, int Rating, string Text, DateTimeOffset GivenAt, ReviewAnswer? Answer,
    IReadOnlyList<ReviewReport> Reports, ReviewSettled? Settlement);

/// <summary>Reviews: <c>GET /api/v1/reviews?organisationId=</c> for everyone, those of one's own, those of a case, and those that were reported.</summary>
public static class GetReviewsEndpoint
{
    private static readonly Cursor First = new(DateTimeOffset.MaxValue, Guid.Empty);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/reviews", OfOrganisation).AllowAnonymous().WithSummary("What volunteers say about an organisation, newest first");
        routes.MapGet("/reviews/mine", Mine)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Reviews that you wrote as a volunteer and reviews of you, newest first");
        routes.MapGet("/reviews/written", Written)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Reviews that one of your organisations wrote, newest first");
        routes.MapGet("/reviews/reported", Reported).RequireAuthorization(Policies.Administrator).WithSummary("Reported reviews, longest waiting first");
        routes.MapGet("/reviews/{id:guid}", Detail).RequireAuthorization(Policies.Coordinator).WithSummary("A review that you wrote or that is about you");
        routes.MapGet("/reviews/{id:guid}/history", Changes)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Every version of one of your reviews, with date and author");
        routes.MapGet("/cases/{id:guid}/reviews", OfCase).RequireAuthorization(Policies.Coordinator).WithSummary("What both sides said about an entry's work");
    }

    private static async Task<Ok<OrganisationsReviews>> OfOrganisation(
        Guid organisationId, IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        const string Shown = "where organisation_id = ? and side = 'Volunteer' and is_shown";
        var page = await PageAsync(session, Shown, organisationId, after, limit, ct);
        var (count, average) = (await session.AdvancedSql.QueryAsync<long, double>(
            $"select row(count(*)), row(coalesce(avg(rating), 0)::float8) from mt_doc_review {Shown}", ct, organisationId))[0];
        return TypedResults.Ok(new OrganisationsReviews(
            [.. page.Items.Select(PublicReview.Of)], page.Next, (int)count, count == 0 ? null : Math.Round(average, 2)));
    }

    private static async Task<Ok<Page<ReviewView>>> Mine(
        Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var now = clock.GetUtcNow();
        var page = await PageAsync(
            session, "where volunteer_id = ? and withdrawn_at is null and (side = 'Volunteer' or is_shown)", caller.Id, after, limit, ct);
        return TypedResults.Ok(new Page<ReviewView>(
            [.. page.Items.Select(
                review => ReviewView.Of(review, new Standing(review.Side == ReviewSide.Volunteer, review.Side == ReviewSide.Organisation), now))], page.Next));
    }

    private static async Task<Results<Ok<Page<ReviewView>>, NotFound>> Written(
        Guid organisationId, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Organisation>(organisationId, ct) is not { } organisation || !organisation.IsAppointed(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        var page = await PageAsync(session, "where organisation_id = ? and side = 'Organisation' and withdrawn_at is null", organisationId, after, limit, ct);
        return TypedResults.Ok(new Page<ReviewView>(
            [.. page.Items.Select(review => ReviewView.Of(review, new Standing(IsAuthor: true, IsReviewed: false), now))], page.Next));
    }

    private static async Task<Ok<Page<ReportedReview>>> Reported(
        IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var place = Cursor.Parse(after);
        var rows = await session.QueryAsync<Review>(
            "where reported_at is not null and (reported_at, id) > (?, ?) order by reported_at, id limit ?",
            ct, place?.At ?? DateTimeOffset.MinValue, place?.Id ?? Guid.Empty, size + 1);
        var page = Page.Of(rows, size, review => new Cursor(review.ReportedAt!.Value, review.Id));
        return TypedResults.Ok(new Page<ReportedReview>(
            [
                .. page.Items.Select(review => new ReportedReview(
                    review.Id, review.Version, review.OrganisationId, review.Side, review.Rating,
                    review.Text, review.GivenAt, review.Answer, review.Reports, review.Settlement)),
            ],
            page.Next));
    }

    private static async Task<Results<Ok<ReviewView>, NotFound>> Detail(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await FindAsync(id, caller, session, now, ct) is not { } found
            || (!found.Standing.IsAuthor && !found.Standing.IsReviewed) || !found.Standing.MaySee(found.Review))
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, found.Review.Version);
        return TypedResults.Ok(ReviewView.Of(found.Review, found.Standing, now));
    }

    // Who reported it is the administrator's business.
    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Changes(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
        await FindAsync(id, caller, session, clock.GetUtcNow(), ct) is { } found
            && (found.Standing.IsAuthor || (caller.IsAdministrator && found.Review.Reports.Count > 0))
            ? TypedResults.Ok<IReadOnlyList<Change>>(
                [.. (await session.HistoryAsync(id, ct)).Where(change => caller.IsAdministrator || change.Data is not ReviewReported)])
            : TypedResults.NotFound();

    private static async Task<Results<Ok<IReadOnlyList<ReviewView>>, NotFound>> OfCase(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Case>(id, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var organisation = await session.LoadAsync<Organisation>(found.OrganisationId, ct);
        if (found.VolunteerId != caller.Id && organisation?.IsCoordinator(caller.Id, now) != true)
        {
            return TypedResults.NotFound();
        }

        var reviews = await session.LoadManyAsync<Review>(
            ct, Review.IdOf(found.EntryId, ReviewSide.Volunteer), Review.IdOf(found.EntryId, ReviewSide.Organisation));
        return TypedResults.Ok<IReadOnlyList<ReviewView>>(
        [
            .. from review in reviews
               let standing = Standing.Of(review, organisation, caller.Id, now)
               where standing.IsAuthor || review.IsShown
               orderby review.GivenAt
               select ReviewView.Of(review, standing, now),
        ]);
    }

    private static async Task<(Review Review, Standing Standing)?> FindAsync(
        Guid id, Caller caller, IQuerySession session, DateTimeOffset now, CancellationToken ct) =>
        await session.LoadAsync<Review>(id, ct) is { } review
            ? (review, Standing.Of(review, await session.LoadAsync<Organisation>(review.OrganisationId, ct), caller.Id, now))
            : null;

    private static async Task<Page<Review>> PageAsync(IQuerySession session, string which, Guid whose, string? after, int? limit, CancellationToken ct)
    {
        var size = Cursor.Limit(limit);
        var place = Cursor.Parse(after) ?? First;
        var rows = await session.QueryAsync<Review>(
            $"{which} and (given_at, id) < (?, ?) order by given_at desc, id desc limit ?", ct, whose, place.At, place.Id, size + 1);
        return Page.Of(rows, size, review => new Cursor(review.GivenAt, review.Id));
    }
}
