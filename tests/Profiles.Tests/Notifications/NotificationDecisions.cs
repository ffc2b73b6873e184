using System.Globalization;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.Registry;

namespace VolunteerBook.Profiles.Tests.Notifications;

/// <summary>What is told, in which words, and when it is mailed.</summary>
public sealed class NotificationDecisions
{
    private static readonly Guid Person = new("0198c0de-0000-7000-8000-000000000004");
    private static readonly TimeZoneInfo Moscow = WallClock.ZoneOf("Europe/Moscow");

    private static DateTimeOffset At(string moment) => DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);

    private static NotificationSettings Said(int hour, string zone, params MailOfKind[] mail) =>
        NotificationSettings.Create(new NotificationSettingsChanged(Person, mail, hour, zone, "ru", Given.Now));

    [Theory]
    [InlineData("2026-05-09T05:59:59Z", "2026-05-09T06:00:00Z")] // 09:00 in Moscow
    [InlineData("2026-05-09T06:00:00Z", "2026-05-10T06:00:00Z")]
    [InlineData("2026-05-09T20:59:59Z", "2026-05-10T06:00:00Z")] // the last second of a day
    public void the_daily_mail_is_due_at_the_next_hour_of_the_persons_clock(string at, string due) =>
        Said(9, "Europe/Moscow").NextDaily(At(at)).ShouldBe(At(due));

    [Theory]
    [InlineData("2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z")] // 2:30 does not exist on that day: when it would have been
    [InlineData("2026-10-24T22:00:00Z", "2026-10-25T00:00:00Z")] // 2:00 comes twice on that day: the first
    public void where_the_clock_is_changed_there_is_one_mail_of_that_day(string at, string notLater)
    {
        var settings = Said(2, "Europe/Berlin");
        var first = settings.NextDaily(At(at));
        first.ShouldBeLessThanOrEqualTo(At(notLater));
        TimeZoneInfo.ConvertTime(settings.NextDaily(first), WallClock.ZoneOf("Europe/Berlin")).Day
            .ShouldBe(TimeZoneInfo.ConvertTime(first, WallClock.ZoneOf("Europe/Berlin")).Day + 1);
    }

    [Fact]
    public void who_has_said_nothing_is_mailed_at_once_of_what_asks_for_something_and_once_a_day_of_the_rest()
    {
        var settings = NotificationSettings.Default(Person, "RU-PRI");
        settings.Zone.ShouldBe("Asia/Vladivostok");
        settings.MailDue(NotificationKind.EntryReturned, Given.Now).ShouldBe(Given.Now);
        settings.MailDue(NotificationKind.EntryConfirmed, Given.Now).ShouldBe(new DateTimeOffset(2026, 5, 9, 23, 0, 0, TimeSpan.Zero));
        Said(9, "UTC", new MailOfKind(NotificationKind.EntryReturned, MailDelivery.Off)).MailDue(NotificationKind.EntryReturned, Given.Now).ShouldBeNull();
    }

    [Fact]
    public void less_than_was_submitted_is_partly_confirmed_and_says_of_how_much()
    {
        var facts = new EntryFacts(
            Given.OrganisationId, "Забота рядом", "D12", "RU-MOW", [new Shift(new DateTime(2026, 5, 8, 10, 0, 0), "Europe/Moscow", 210)]);
        var whole = WhenEntryIsDecided.Decide(new EntryConfirmedV1(Guid.NewGuid(), 1, Guid.NewGuid(), Person, facts, Given.Now), Guid.NewGuid());
        var part = WhenEntryIsDecided.Decide(
            new EntryConfirmedV1(Guid.NewGuid(), 1, Guid.NewGuid(), Person, facts, Given.Now, ClaimedMinutes: 300), Guid.NewGuid());

        (whole.Kind, part.Kind).ShouldBe((NotificationKind.EntryConfirmed, NotificationKind.EntryPartlyConfirmed));
        NotificationText.Of(whole, "Рука помощи", "ru", Moscow).ShouldBe("Рука помощи: подтверждено 3\u00a0ч 30\u00a0мин");
        NotificationText.Of(part, "Рука помощи", "ru", Moscow).ShouldBe("Рука помощи: подтверждено 3\u00a0ч 30\u00a0мин из 5\u00a0ч");
        NotificationText.Of(part, "Helping Hand", "en", Moscow).ShouldBe("Helping Hand: 3\u00a0h 30\u00a0min of 5\u00a0h confirmed");
    }

    public static TheoryData<NotificationKind, string> EveryKind =>
    [
        .. from kind in Enum.GetValues<NotificationKind>()
           from language in new[] { "ru", "en" }
           select new TheoryDataRow<NotificationKind, string>(kind, language),
    ];

    [Theory]
    [MemberData(nameof(EveryKind))]
    public void every_kind_has_words_and_a_page(NotificationKind kind, string language)
    {
        var told = Notification.Of(Guid.NewGuid(), kind, Person, Given.Now, Given.OrganisationId) with { About = Guid.NewGuid(), Until = Given.Now };
        foreach (var one in new[] { told, told with { Outcome = true, Minutes = 60, Claimed = 120, Number = 21 }, told with { Organisation = null } })
        {
            var text = NotificationText.Of(one, null, language, Moscow);
            text.ShouldNotContain("  ");
            text.ShouldNotEndWith(".");
            one.Link.ShouldStartWith("/");
        }
    }

    [Theory]
    [InlineData(1, "1 запись ждёт решения дольше срока")]
    [InlineData(2, "2 записи ждут решения дольше срока")]
    [InlineData(11, "11 записей ждут решения дольше срока")]
    [InlineData(112, "112 записей ждут решения дольше срока")]
    public void late_cases_are_counted_in_the_right_form(int number, string text) =>
        NotificationText.Of(
            Notification.Of(Guid.NewGuid(), NotificationKind.CasesLate, Person, Given.Now, Given.OrganisationId) with { Number = number }, "Двор", "ru", Moscow)
            .ShouldBe($"Двор: {text}");

    [Fact]
    public void late_cases_of_one_day_and_organisation_are_one_notification_of_a_person()
    {
        CaseEscalatedV1 Late(DateTimeOffset at) => new(Guid.NewGuid(), Guid.NewGuid(), 1, Given.OrganisationId, 14, at);
        TellOrganisations.Late(Late(Given.Now), Person).Id.ShouldBe(TellOrganisations.Late(Late(Given.Now.AddHours(11)), Person).Id);
        TellOrganisations.Late(Late(Given.Now.AddHours(12)), Person).Id.ShouldNotBe(TellOrganisations.Late(Late(Given.Now), Person).Id);
        TellOrganisations.Late(Late(Given.Now), Guid.NewGuid()).Id.ShouldNotBe(TellOrganisations.Late(Late(Given.Now), Person).Id);
    }

    [Fact]
    public void of_a_key_that_ends_there_is_one_notice_thirty_seven_and_one_days_before()
    {
        var key = new EndingKey(Given.OrganisationId, "kid", Given.Now.AddYears(-1), Given.Now);
        Guid? Before(double days) => TellOfEndingKeys.DueNotice(key, Given.Now.AddDays(-days));

        Before(30.01).ShouldBeNull();
        Before(30).ShouldNotBeNull();
        Before(7.01).ShouldBe(Before(30));
        Before(7).ShouldNotBe(Before(30));
        Before(1.01).ShouldBe(Before(7));
        Before(1).ShouldNotBe(Before(7));
        Before(0.01).ShouldBe(Before(1));
        Before(0).ShouldBeNull();
    }

    [Fact]
    public void a_key_that_was_made_for_a_week_is_told_of_a_day_before_and_one_for_an_hour_never()
    {
        var week = new EndingKey(Given.OrganisationId, "kid", Given.Now.AddDays(-7), Given.Now);
        TellOfEndingKeys.DueNotice(week, Given.Now.AddDays(-6)).ShouldBeNull();
        TellOfEndingKeys.DueNotice(week, Given.Now.AddHours(-23)).ShouldNotBeNull();
        TellOfEndingKeys.DueNotice(week with { From = Given.Now.AddHours(-1) }, Given.Now.AddMinutes(-30)).ShouldBeNull();
    }

    [Fact]
    public void settings_are_checked_kept_and_said_once()
    {
        var command = new SetNotificationSettings([new(NotificationKind.EntryConfirmed, MailDelivery.Off)], 9, "Europe/Moscow", "ru");
        var changed = SetNotificationSettingsEndpoint.Decide(Person, null, command, Given.Now).Events.ShouldHaveSingleItem()
            .ShouldBeOfType<NotificationSettingsChanged>();
        SetNotificationSettingsEndpoint.Decide(Person, NotificationSettings.Create(changed), command, Given.Now).Events.ShouldBeEmpty();

        string? Refused(SetNotificationSettings broken) => SetNotificationSettingsEndpoint.Decide(Person, null, broken, Given.Now).Refusal?.Code;
        Refused(command with { Hour = 24 }).ShouldBe("hour-out-of-range");
        Refused(command with { Zone = "Moscow" }).ShouldBe("unknown-zone");
        Refused(command with { Language = "de" }).ShouldBe("unknown-language");
        Refused(command with { Mail = [.. command.Mail, .. command.Mail] }).ShouldBe("kind-twice");
    }

    [Fact]
    public void unsubscribing_ends_every_mail_once_and_keeps_the_rest()
    {
        var settings = Said(21, "Asia/Omsk", new MailOfKind(NotificationKind.EntryReturned, MailDelivery.Daily));
        var changed = (NotificationSettingsChanged)UnsubscribeEndpoint.Decide(Person, settings, Given.Now).Events.ShouldHaveSingleItem();
        var after = NotificationSettings.Create(changed);

        Enum.GetValues<NotificationKind>().ShouldAllBe(kind => after.Of(kind) == MailDelivery.Off);
        (after.Hour, after.Zone, after.Language).ShouldBe((21, "Asia/Omsk", "ru"));
        UnsubscribeEndpoint.Decide(Person, after, Given.Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_link_is_its_persons_alone_and_serves_on_when_the_master_key_has_changed()
    {
        var old = Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray());
        var token = new UnsubscribeLinks(MasterKey.From(old, false)).TokenOf(Person);

        token.Length.ShouldBe(75);
        var after = new UnsubscribeLinks(MasterKey.From(Convert.ToBase64String(Enumerable.Repeat((byte)8, 32).ToArray()), false, old));
        after.PersonOf(token).ShouldBe(Person);
        new UnsubscribeLinks(MasterKey.From(null, true)).PersonOf(token).ShouldBeNull();
        foreach (var forged in new[] { "", "x", token[..^4] + "AAAA", "AAAA" + token[4..], token + "A", new string('A', 75) })
        {
            after.PersonOf(forged).ShouldBeNull();
        }
    }
}
