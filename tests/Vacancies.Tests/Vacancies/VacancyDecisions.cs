using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests.Vacancies;

/// <summary>What may be published, and what may be done with a vacancy: given, when, then events or a refusal.</summary>
[Trait("Feature", "F23")]
public sealed class VacancyDecisions
{
    private static readonly Guid Id = Guid.CreateVersion7();

    private static EventSourcing.Decision Publish(PublishVacancy command) => PublishVacancyEndpoint.Decide(Id, Given.AnOrganisation(), command, Given.Now);

    [Fact]
    public void what_is_published_is_what_was_said_and_each_shift_gets_an_id_of_its_own()
    {
        var command = Given.ACall(Given.AnOffer(), Given.AnOffer(), Given.AnOffer("2026-05-22T09:30:00", "Asia/Vladivostok", 90, 1));

        var published = Publish(command).Events.ShouldHaveSingleItem().ShouldBeOfType<VacancyPublished>();

        published.OrganisationId.ShouldBe(Given.Organisation);
        (published.Title, published.Description, published.TaskType, published.Region, published.At)
            .ShouldBe((command.Title, command.Description, command.TaskType, command.Region, Given.Now));
        published.Shifts.Select(shift => new OfferedShift(shift.Start, shift.Zone, shift.Minutes, shift.Places)).ShouldBe(command.Shifts);
        published.Shifts.Select(shift => shift.Id).Distinct().Count().ShouldBe(3);
        Publish(command).Events.Single().ShouldBeOfType<VacancyPublished>().Shifts.Select(shift => shift.Id)
            .ShouldBe(published.Shifts.Select(shift => shift.Id));
    }

    [Fact]
    public void a_title_that_no_document_could_write_is_refused_with_its_characters()
    {
        var refusal = Publish(Given.ACall() with { Title = "Дежурство 🚑" }).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field, refusal.Status, refusal.Extensions["characters"]).ShouldBe(("characters-not-written", "title", 400, "🚑"));
    }

    public static TheoryData<string, string, string> Broken => new()
    {
        { "no title", "text-missing", "title" },
        { "a blank title", "text-missing", "title" },
        { "a title of 201", "text-too-long", "title" },
        { "a title with a control character", "text-with-control-characters", "title" },
        { "no description", "text-missing", "description" },
        { "a description of 4001", "text-too-long", "description" },
        { "an unknown task type", "unknown-task-type", "taskType" },
        { "an unknown region", "unknown-region", "region" },
        { "no shifts", "shifts-out-of-range", "shifts" },
        { "101 shifts", "shifts-out-of-range", "shifts" },
        { "0 minutes", "minutes-out-of-range", "shifts[0].minutes" },
        { "minus a minute", "minutes-out-of-range", "shifts[0].minutes" },
        { "25 hours", "minutes-out-of-range", "shifts[0].minutes" },
        { "0 places", "places-out-of-range", "shifts[0].places" },
        { "minus a place", "places-out-of-range", "shifts[0].places" },
        { "1001 places", "places-out-of-range", "shifts[0].places" },
        { "an unknown zone", "unknown-zone", "shifts[0].zone" },
        { "a start with an offset", "start-not-local", "shifts[0].start" },
        { "a start that the clock skips", "start-does-not-exist", "shifts[0].start" },
        { "a shift that is over", "shift-over", "shifts[0].start" },
        { "a shift that is over this minute", "shift-over", "shifts[0].start" },
        { "a second shift that is null", "shift-missing", "shifts[1]" },
    };

    private static PublishVacancy ABroken(string what) => what switch
    {
        "no title" => Given.ACall() with { Title = "" },
        "a blank title" => Given.ACall() with { Title = " \t" },
        "a title of 201" => Given.ACall() with { Title = new string('я', 201) },
        "a title with a control character" => Given.ACall() with { Title = "Суб\u0000ботник" },
        "no description" => Given.ACall() with { Description = "" },
        "a description of 4001" => Given.ACall() with { Description = new string('я', 4001) },
        "an unknown task type" => Given.ACall() with { TaskType = "Z99" },
        "an unknown region" => Given.ACall() with { Region = "RU-XXX" },
        "no shifts" => Given.ACall() with { Shifts = [] },
        "101 shifts" => Given.ACall([.. Enumerable.Repeat(Given.AnOffer(), 101)]),
        "0 minutes" => Given.ACall(Given.AnOffer(minutes: 0)),
        "minus a minute" => Given.ACall(Given.AnOffer(minutes: -1)),
        "25 hours" => Given.ACall(Given.AnOffer(minutes: 25 * 60)),
        "0 places" => Given.ACall(Given.AnOffer(places: 0)),
        "minus a place" => Given.ACall(Given.AnOffer(places: -1)),
        "1001 places" => Given.ACall(Given.AnOffer(places: 1001)),
        "an unknown zone" => Given.ACall(Given.AnOffer(zone: "Europe/Atlantis")),
        "a start with an offset" => Given.ACall(Given.AnOffer() with { Start = new DateTime(2026, 5, 21, 10, 0, 0, DateTimeKind.Utc) }),
        "a start that the clock skips" => Given.ACall(Given.AnOffer("2027-03-28T02:30:00", "Europe/Berlin")),
        "a shift that is over" => Given.ACall(Given.AnOffer("2026-05-19T10:00:00")),
        // 11:00 in Moscow and four hours make 12:00 UTC, which is now.
        "a shift that is over this minute" => Given.ACall(Given.AnOffer("2026-05-20T11:00:00")),
        "a second shift that is null" => Given.ACall(Given.AnOffer(), null!),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown"),
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void bad_input_is_refused_by_its_field(string what, string code, string field)
    {
        var refusal = Publish(ABroken(what)).Refusal.ShouldNotBeNull();

        (refusal.Code, refusal.Field, refusal.Status).ShouldBe((code, field, 400));
        refusal.Others.ShouldBeEmpty();
    }

    [Fact]
    public void all_that_is_wrong_is_told_at_once() =>
        Publish(new PublishVacancy(Given.Organisation, "", "", "?", "?", [Given.AnOffer(zone: "?", minutes: 0, places: 0)])).Refusal.ShouldNotBeNull()
            .Others.Select(refusal => refusal.Field).ShouldBe(["description", "taskType", "region", "shifts[0].minutes", "shifts[0].zone", "shifts[0].places"]);

    public static TheoryData<int, int> Limits => new() { { 1, 1 }, { 1440, 1000 } };

    [Theory]
    [MemberData(nameof(Limits))]
    public void the_limits_themselves_are_allowed(int minutes, int places) =>
        Publish(Given.ACall(Given.AnOffer(minutes: minutes, places: places))).Events.ShouldHaveSingleItem();

    [Fact]
    public void a_shift_under_way_can_still_be_offered() => Publish(Given.ACall(Given.AnOffer("2026-05-20T11:01:00"))).Events.ShouldHaveSingleItem();

    [Fact]
    public void an_organisation_that_waits_for_approval_publishes_nothing()
    {
        var waiting = Coordination.Create(new CoordinatorAppointed(Given.Volunteer, Given.Now, null, 1, Given.Now));
        PublishVacancyEndpoint.Decide(Id, waiting, Given.ACall(), Given.Now).Refusal.ShouldBe(VacancyRefusals.OrganisationNotApproved);
    }

    [Fact]
    public void closing_is_recorded_with_its_reason()
    {
        var closed = CloseVacancyEndpoint.Decide(Given.AVacancy(), new CloseVacancy("хватит"), Given.Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<VacancyClosed>();

        closed.ShouldBe(new VacancyClosed(Given.Organisation, "хватит", Given.Now));
        var vacancy = Given.AVacancy().Apply(closed);
        (vacancy.Status, vacancy.ClosedAt, vacancy.ClosureReason).ShouldBe((VacancyStatus.Closed, Given.Now, "хватит"));
    }

    [Fact]
    public void closing_again_changes_nothing() => CloseVacancyEndpoint.Decide(Given.AClosedVacancy(), new CloseVacancy(), Given.Now).Events.ShouldBeEmpty();

    [Fact]
    public void a_reason_of_1001_characters_is_refused() =>
        CloseVacancyEndpoint.Decide(Given.AVacancy(), new CloseVacancy(new string('я', 1001)), Given.Now).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");

    [Fact]
    public void applications_are_taken_until_the_last_shift_is_over_or_the_vacancy_closed()
    {
        var end = new DateTimeOffset(2026, 5, 21, 11, 0, 0, TimeSpan.Zero);
        Given.AVacancy().TakesApplications(end.AddTicks(-1)).ShouldBeTrue();
        Given.AVacancy().TakesApplications(end).ShouldBeFalse();
        Given.AVacancy().Status.ShouldBe(VacancyStatus.Open);
        Given.AClosedVacancy().TakesApplications(Given.Now).ShouldBeFalse();
    }

    [Fact]
    public void everybody_sees_how_many_places_are_free_and_not_who_holds_them()
    {
        var vacancy = Given.AVacancy(places: 3).Apply(new PlacesTaken(Guid.CreateVersion7(), [Given.ToCome], Given.Now));
        var view = VacancyView.Of(vacancy, "Забота рядом", Given.Now);

        view.Shifts.Select(shift => (shift.Id, shift.Free, shift.TakesApplications))
            .ShouldBe([(Given.Over, 3, false), (Given.UnderWay, 3, true), (Given.ToCome, 2, true)]);
        typeof(VacancyView).GetProperties().Select(property => property.Name).ShouldNotContain(nameof(Vacancy.Held));
    }

    [Theory]
    [InlineData("Ёлка ДЛЯ детей", "елка для детей")]
    [InlineData("Ｆｕｌｌ width", "full width")]
    public void a_title_is_searched_without_case_and_with_one_form_of_letters(string title, string folded) => SearchWords.Fold(title).ShouldBe(folded);

    [Theory]
    [InlineData(null, 0)]
    [InlineData("  ", 0)]
    [InlineData(" Ёлка\tдля ", 2)]
    public void a_query_is_the_words_that_must_all_occur(string? query, int words) => SearchWords.Of(query).Length.ShouldBe(words);
}
