using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Volunteers;
using Xunit;

namespace VolunteerBook.Reporting.Tests.Hours;

/// <summary>What the ledger's words come to, without a store.</summary>
public sealed class WordsOnAnEntryTests
{
    private static readonly Guid Entry = Guid.CreateVersion7();
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly EntryFacts Facts = Given.Facts(Guid.CreateVersion7(), Given.Shift("2026-05-09T10:00", 240));

    [Fact]
    public void a_submission_waits_and_a_confirmation_counts()
    {
        Told(Given.Submitted(Entry, Volunteer, Facts))!.Status.ShouldBe(FactStatus.Submitted);
        Told(Given.Submitted(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, Facts))!.Status.ShouldBe(FactStatus.Confirmed);
    }

    [Fact]
    public void a_confirmation_counts_without_its_submission()
    {
        var fact = Told(Given.Confirmed(Entry, Volunteer, Facts))!;
        fact.Status.ShouldBe(FactStatus.Confirmed);
        fact.VolunteerId.ShouldBe(Volunteer);
        fact.Facts.ShouldBe(Facts);
    }

    [Fact]
    public void a_submission_that_comes_after_its_decision_changes_nothing()
    {
        var confirmed = Told(Given.Confirmed(Entry, Volunteer, Facts));
        WhenEntryChanged.Decide(confirmed, Given.Submitted(Entry, Volunteer, Facts)).Events.ShouldBeEmpty();
        var declined = Told(Given.Declined(Entry, Volunteer));
        WhenEntryChanged.Decide(declined, Given.Submitted(Entry, Volunteer, Facts)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_repeat_changes_nothing()
    {
        WhenEntryChanged.Decide(Told(Given.Submitted(Entry, Volunteer, Facts)), Given.Submitted(Entry, Volunteer, Facts)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(Told(Given.Confirmed(Entry, Volunteer, Facts)), Given.Confirmed(Entry, Volunteer, Facts)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(Told(Given.Declined(Entry, Volunteer)), Given.Declined(Entry, Volunteer)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(Told(Given.Withdrawn(Entry, Volunteer, Facts)), Given.Withdrawn(Entry, Volunteer, Facts)).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_word_about_an_earlier_submission_changes_nothing()
    {
        var second = Told(Given.Submitted(Entry, Volunteer, Facts, revision: 2));
        WhenEntryChanged.Decide(second, Given.Declined(Entry, Volunteer, revision: 1)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(second, Given.Confirmed(Entry, Volunteer, Facts, revision: 1)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(second, Given.Confirmed(Entry, Volunteer, Facts, revision: 2)).Events.Count.ShouldBe(1);
    }

    [Fact]
    public void a_returned_entry_counts_as_it_was_submitted_again()
    {
        var changed = Given.Facts(Facts.OrganisationId, Given.Shift("2026-05-09T10:00", 180));
        var fact = Told(
            Given.Submitted(Entry, Volunteer, Facts), Given.Declined(Entry, Volunteer), Given.Submitted(Entry, Volunteer, changed, 2), Given.Confirmed(Entry, Volunteer, changed, 2))!;
        fact.Revision.ShouldBe(2);
        fact.Facts!.Minutes().ShouldBe(180);
    }

    [Fact]
    [Trait("Feature", "N10")]
    public void amended_revoked_and_amended_again_counts_once_or_not_at_all()
    {
        var less = Given.Facts(Facts.OrganisationId, Given.Shift("2026-05-09T10:00", 180));
        var amended = Told(Given.Submitted(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, Facts), Given.Confirmed(Entry, Volunteer, less, 2))!;
        (amended.Status, amended.Facts!.Minutes()).ShouldBe((FactStatus.Confirmed, 180));
        var revoked = WhenEntryChanged.Decide(amended, Given.Revoked(Entry, Volunteer, 2)).Events.Aggregate(amended, Apply);
        revoked.Status.ShouldBe(FactStatus.Revoked);
        // The late word about the confirmation before the last changes nothing.
        WhenEntryChanged.Decide(revoked, Given.Confirmed(Entry, Volunteer, Facts)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(amended, Given.Revoked(Entry, Volunteer, 1)).Events.ShouldBeEmpty();
        WhenEntryChanged.Decide(revoked, Given.Confirmed(Entry, Volunteer, Facts, 3)).Events.Count.ShouldBe(1);
    }

    [Fact]
    public void any_order_and_any_repetition_of_the_words_ends_in_the_same_state() =>
        (from words in Histories.OfOneEntry
         from order in Gen.Shuffle(words.Concat(words).ToArray())
         select (words, order)).Sample(drawn =>
            Counting(Told(drawn.order)) == Counting(Told(drawn.words)));

    [Fact]
    public void an_organisations_name_is_the_latest_that_profiles_told()
    {
        var id = Guid.CreateVersion7();
        var second = new OrganisationApprovedV1(id, "Новое имя", "RU-MOW", 5, Given.At);
        var named = Organisation.Create((OrganisationNamed)WhenOrganisationApproved.Decide(null, second).Events.Single());
        named.Name.ShouldBe("Новое имя");
        WhenOrganisationApproved.Decide(named, second).Events.ShouldBeEmpty();
        WhenOrganisationApproved.Decide(named, second with { Name = "Старое имя", Version = 2 }).Events.ShouldBeEmpty();
        named.Apply((OrganisationNamed)WhenOrganisationApproved.Decide(named, second with { Name = "Третье", Version = 6 }).Events.Single()).Name.ShouldBe("Третье");
    }

    [Fact]
    public void a_volunteer_is_counted_once()
    {
        var registered = new VolunteerRegisteredV1(Guid.CreateVersion7(), "RU-SPE", Given.At);
        var volunteer = Volunteers.Volunteer.Create((VolunteerCounted)WhenVolunteerRegistered.Decide(null, registered).Events.Single());
        volunteer.Region.ShouldBe("RU-SPE");
        WhenVolunteerRegistered.Decide(volunteer, registered).Events.ShouldBeEmpty();
    }

    // Facts of what does not count may differ: a withdrawal that was heard first has none.
    private static string Counting(Fact? fact) => fact switch
    {
        null => "nothing",
        { Status: FactStatus.Withdrawn or FactStatus.Declined or FactStatus.Revoked } => $"{fact.Revision} {fact.Status} {fact.VolunteerId}",
        _ => $"{fact.Revision} {fact.Status} {fact.VolunteerId} {fact.Facts!.OrganisationId} {fact.Facts.Region} {fact.Facts.TaskType} {string.Join(';', fact.Facts.Shifts)}",
    };

    private static Fact? Told(params IEnumerable<object> words) => words.Aggregate((Fact?)null, (fact, word) => Decide(fact, word).Events.Aggregate(fact, Apply));

    private static Decision Decide(Fact? fact, object word) => word switch
    {
        EntrySubmittedV1 e => WhenEntryChanged.Decide(fact, e),
        EntryWithdrawnV1 e => WhenEntryChanged.Decide(fact, e),
        EntryConfirmedV1 e => WhenEntryChanged.Decide(fact, e),
        EntryDeclinedV1 e => WhenEntryChanged.Decide(fact, e),
        EntryRevokedV1 e => WhenEntryChanged.Decide(fact, e),
        _ => throw new ArgumentOutOfRangeException(nameof(word)),
    };

    private static Fact Apply(Fact? fact, object happened) => (fact, happened) switch
    {
        (null, HoursSubmitted e) => Fact.Create(e),
        (null, HoursWithdrawn e) => Fact.Create(e),
        (null, HoursDeclined e) => Fact.Create(e),
        (null, HoursConfirmed e) => Fact.Create(e),
        (null, HoursRevoked e) => Fact.Create(e),
        ({ } known, HoursSubmitted e) => known.Apply(e),
        ({ } known, HoursWithdrawn e) => known.Apply(e),
        ({ } known, HoursDeclined e) => known.Apply(e),
        ({ } known, HoursConfirmed e) => known.Apply(e),
        ({ } known, HoursRevoked e) => known.Apply(e),
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };
}
