using JasperFx.Events;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Reviews;
using Case = VolunteerBook.Verification.Cases.Case;

namespace VolunteerBook.Verification.Tests;

/// <summary>Who may say what of whom after a confirmed entry, and until when (F14).</summary>
[Trait("Feature", "F14")]
public sealed class ReviewDecisions
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Case Confirmed = Case.Create(new CaseOpened(
        Guid.CreateVersion7(), 1, Guid.CreateVersion7(), new EntryFacts(Guid.CreateVersion7(), "Забота рядом", "D12", "RU-MOW", []), Now)) with
    {
        Id = Guid.CreateVersion7(),
        Status = CaseStatus.Confirmed,
    };

    private static Decision Give(GiveReview command, ReviewSide side = ReviewSide.Volunteer, Case? of = null, Review? given = null) =>
        GiveReviewEndpoint.Decide(of ?? Confirmed, given, command, side, Now);

    private static Review Given(ReviewSide side = ReviewSide.Volunteer) => Review.Create((ReviewGiven)Give(new GiveReview(4, "Хорошо"), side).Events.Single());

    private static Review Reported(Review review, string by = "reader") =>
        review.Apply(new Event<ReviewReported>(new ReviewReported("Фамилия", Now)) { UserName = by });

    [Fact]
    public void a_review_is_written_once_by_each_side_after_a_confirmation_that_stands()
    {
        var given = (ReviewGiven)Give(new GiveReview(5, "  Спасибо ", Recommendation: true), ReviewSide.Organisation).Events.ShouldHaveSingleItem();
        (given.CaseId, given.Rating, given.Text, given.Recommendation).ShouldBe((Confirmed.Id, 5, "Спасибо", true));
        Give(new GiveReview(5, "Спасибо"), given: Given()).Refusal!.Code.ShouldBe("review-given-already");
        Give(new GiveReview(5, "Спасибо"), of: Confirmed with { Status = CaseStatus.Settled }).Events.ShouldHaveSingleItem();
        foreach (var status in Enum.GetValues<CaseStatus>().Except([CaseStatus.Confirmed, CaseStatus.Settled]))
        {
            Give(new GiveReview(5, "Спасибо"), of: Confirmed with { Status = status }).Refusal!.Code.ShouldBe("case-not-confirmed");
        }

        Review.IdOf(Confirmed.EntryId, ReviewSide.Volunteer).ShouldNotBe(Review.IdOf(Confirmed.EntryId, ReviewSide.Organisation));
    }

    [Theory]
    [InlineData(0, "текст", false, "rating-out-of-range")]
    [InlineData(6, "текст", false, "rating-out-of-range")]
    [InlineData(3, " ", false, "text-missing")]
    [InlineData(3, "текст", true, "recommendation-by-volunteer")]
    public void what_breaks_a_rule_is_refused(int rating, string text, bool recommendation, string code)
    {
        Give(new GiveReview(rating, text, recommendation)).Refusal!.Code.ShouldBe(code);
        Give(new GiveReview(3, new string('a', 2001))).Refusal!.Code.ShouldBe("text-too-long");
        Give(new GiveReview(3, new string('a', 2000))).Refusal.ShouldBeNull();
    }

    [Fact]
    public void a_review_is_written_anew_for_fourteen_days_and_until_it_is_answered()
    {
        Decision Change(Review review, double days, string text = "Иначе") => ChangeReviewEndpoint.Decide(review, new ChangeReview(text), Now.AddDays(days));
        Change(Given(), 13.99).Events.ShouldHaveSingleItem().ShouldBe(new ReviewChanged("Иначе", Now.AddDays(13.99)));
        Change(Given(), 1, "Хорошо").Events.ShouldBeEmpty();
        Change(Given(), 14).Refusal!.Code.ShouldBe("review-final");
        Change(Given().Apply(new ReviewAnswered("Спасибо", Now)), 1).Refusal!.Code.ShouldBe("review-answered");
        Change(Given().Apply(new ReviewWithdrawn(Now)), 1).Refusal!.Code.ShouldBe("review-withdrawn");
        AnswerReviewEndpoint.Decide(Given().Apply(new ReviewAnswered("Спасибо", Now)), new AnswerReview("Ещё"), Now).Refusal!.Code.ShouldBe("review-answered");
    }

    [Fact]
    public void a_reader_reports_once_and_the_administrator_settles_what_was_reported()
    {
        SettleReviewEndpoint.Decide(Given(), new SettleReview(ReviewVerdict.Hide, "x"), Now).Refusal!.Code.ShouldBe("review-not-reported");
        var reported = Reported(Given());
        reported.ReportedAt.ShouldBe(Now);
        ReportReviewEndpoint.Decide(reported, new ReportReview("Ещё раз"), "reader", Now).Events.ShouldBeEmpty();
        ReportReviewEndpoint.Decide(reported, new ReportReview("И я"), "another", Now).Events.ShouldHaveSingleItem();
        var hidden = reported.Apply(
            (ReviewSettled)SettleReviewEndpoint.Decide(reported, new SettleReview(ReviewVerdict.Hide, "Личные данные"), Now).Events.Single());
        (hidden.IsShown, hidden.ReportedAt).ShouldBe((false, null));
        hidden.Apply((ReviewSettled)SettleReviewEndpoint.Decide(hidden, new SettleReview(ReviewVerdict.Keep, "Ошиблись"), Now).Events.Single()).IsShown
            .ShouldBeTrue();
    }

    [Fact]
    public void who_sees_a_review_follows_from_its_side_and_whether_it_is_shown()
    {
        var coordinator = Guid.CreateVersion7();
        var organisation = new Organisation().Apply(new CoordinatorKnown(coordinator, Now.AddDays(-1), null));
        bool Sees(Review review, Guid reader) => Standing.Of(review, organisation, reader, Now).MaySee(review);
        var (volunteer, stranger) = (Confirmed.VolunteerId, Guid.CreateVersion7());
        var readers = new[] { volunteer, coordinator, stranger };
        readers.Select(reader => Sees(Given(), reader)).ShouldBe([true, true, true]);
        readers.Select(reader => Sees(Given(ReviewSide.Organisation), reader)).ShouldBe([true, true, false]);
        var settled = new ReviewSettled(ReviewVerdict.Hide, "x", Now);
        readers.Select(reader => Sees(Given().Apply(settled), reader)).ShouldBe([true, false, false]);
        readers.Select(reader => Sees(Given(ReviewSide.Organisation).Apply(settled), reader)).ShouldBe([false, true, false]);
        readers.Select(reader => Sees(Given().Apply(new ReviewWithdrawn(Now)), reader)).ShouldBe([true, false, false]);
    }
}
