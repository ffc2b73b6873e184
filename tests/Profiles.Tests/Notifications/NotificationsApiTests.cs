using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Notifications;

/// <summary>The inbox, its stream and its mails over HTTP, told by the feeds of the other services.</summary>
public sealed class NotificationsApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>, IAsyncLifetime
{
    private readonly Guid volunteer = Guid.NewGuid();
    private readonly Guid coordinator = Guid.NewGuid();

    private static DateTimeOffset Now => DateTimeOffset.UtcNow;

    // The reader begins with what is published from when it first asked.
    public async ValueTask InitializeAsync() => await Eventually.Is(async () =>
        (await host.QueryAsync<long>("select count(*) from reader_positions where reader = 'notifications' and log is not null")).ShouldBe([4]));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task each_kind_comes_once_to_whom_it_concerns_however_often_it_is_told()
    {
        var deputy = Guid.NewGuid();
        var organisation = await host.ApprovedOrganisationAsync(coordinator, "Добрый двор");
        host.Verification.Publish(new QueueDelegatedV1(organisation, Guid.NewGuid(), coordinator, deputy, Now, Now.AddDays(7), Now));
        await Eventually.Is(async () => (await host.QueryAsync<long>(
            "select count(*) from registry.mt_doc_deputy where data ->> 'personId' = $1", deputy.ToString())).ShouldBe([1]));
        var (entry, application, sheet, found) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        host.Ledger.Publish(Confirmed(organisation, entry, 240));
        host.Ledger.Publish(Confirmed(organisation, entry, 180) with { Revision = 2, ClaimedMinutes = 240 });
        host.Ledger.Publish(new EntryDeclinedV1(entry, 3, found, volunteer, true, Now, organisation, 240));
        host.Ledger.Publish(new EntryDeclinedV1(entry, 4, found, volunteer, false, Now, organisation, 240));
        host.Ledger.Publish(new AmendmentDeclinedV1(entry, 5, found, volunteer, true, Now, organisation, 90));
        // As an instance of before tells it.
        host.Ledger.Publish(new EntryRevokedV1(entry, 2, found, volunteer, Now));
        host.Vacancies.Publish(new ApplicationAcceptedV1(application, Guid.NewGuid(), organisation, volunteer, [], Now));
        host.Vacancies.Publish(new ApplicationDeclinedV1(application, Guid.NewGuid(), organisation, volunteer, Now));
        host.Verification.Publish(new WorkProposedV1(sheet, organisation, [new(volunteer, 2, 480), new(Guid.NewGuid(), 1, 60)], Now));
        host.Verification.Publish(new InquiryAnsweredV1(Guid.NewGuid(), found, organisation, false, Now));
        for (var late = 0; late < 5; late++)
        {
            host.Verification.Publish(new CaseEscalatedV1(Guid.NewGuid(), Guid.NewGuid(), 1, organisation, 14, DateTimeOffset.UtcNow.Date));
        }

        string[] ofVolunteer =
        [
            "Добрый двор: подтверждено 4\u00a0ч", "Добрый двор: подтверждено 3\u00a0ч из 4\u00a0ч", "Добрый двор: запись на 4\u00a0ч нужно исправить",
            "Добрый двор: запись на 4\u00a0ч отклонена", "Добрый двор: запись на 1\u00a0ч 30\u00a0мин нужно исправить",
            "Организация: подтверждение записи отозвано", "Добрый двор: ваша заявка принята", "Добрый двор: ваша заявка отклонена",
            "Добрый двор: в ведомости есть ваша работа на 8\u00a0ч, добавьте её в книжку",
        ];
        string[] ofDecider =
        [
            "Добрый двор: на ваш запрос ответили, работа не подтверждена", "Добрый двор: 5 записей ждут решения дольше срока",
        ];
        string[] ofCoordinator = [.. ofDecider, "Добрый двор: организация одобрена, можно принимать волонтёров"];
        await ShouldBeToldAsync(volunteer, ofVolunteer);
        await ShouldBeToldAsync(coordinator, ofCoordinator);
        await ShouldBeToldAsync(deputy, ofDecider);
        (await ListAsync(volunteer)).ShouldContain(one => one.Kind == NotificationKind.EntryPartlyConfirmed && one.Link == $"/book/{entry}");

        // All of the feeds once more, as after a restore of the position alone: of one event there is one notification.
        await host.WhileStoppedAsync(
            "update reader_positions set sequence = 0 where reader = 'notifications' and publisher in ('ledger', 'vacancies')",
            "update reader_positions set sequence = 1 where reader = 'notifications' and publisher = 'profiles'");
        host.Ledger.Publish(Confirmed(organisation, entry, 60) with { Revision = 6 });
        await ShouldBeToldAsync(volunteer, [.. ofVolunteer, "Добрый двор: подтверждено 1\u00a0ч"]);
        await ShouldBeToldAsync(coordinator, ofCoordinator);
        await ShouldBeToldAsync(deputy, ofDecider);
        (await ListAsync(Guid.NewGuid())).ShouldBeEmpty();
    }

    [Fact]
    public async Task late_cases_that_follow_are_counted_on_and_unread_again()
    {
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        var late = new CaseEscalatedV1(Guid.NewGuid(), Guid.NewGuid(), 1, organisation, 14, Now.Date);
        host.Verification.Publish(late);
        var first = await Eventually.Value(async () => (await ListAsync(coordinator)).Single(one => one.Kind == NotificationKind.CasesLate));
        await (await host.Person(coordinator).PostJsonAsync($"/api/v1/notifications/{first.Id}/reading")).ShouldBeAsync(HttpStatusCode.NoContent);
        (await ListAsync(coordinator)).ShouldContain(one => one.Id == first.Id && one.Read);

        host.Verification.Publish(late with { CaseId = Guid.NewGuid() });
        await Eventually.Is(async () =>
        {
            var again = (await ListAsync(coordinator)).Single(one => one.Kind == NotificationKind.CasesLate);
            (again.Id, again.Number, again.Read).ShouldBe((first.Id, 2, false));
            again.Position.ShouldBeGreaterThan(first.Position);
        });
    }

    [Fact]
    public async Task they_are_paged_filtered_counted_and_read_one_by_one_and_up_to_a_place()
    {
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        for (var number = 0; number < 25; number++)
        {
            host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 60 + number) with { At = Now.AddMinutes(-number) });
        }

        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(25));
        var me = host.Person(volunteer);
        var all = await me.IdsOfAllPagesAsync("/api/v1/notifications?limit=10");
        all.Distinct().Count().ShouldBe(25);
        (await ListAsync(volunteer)).Select(one => one.Minutes).ShouldBe(Enumerable.Range(60, 25).Select(minutes => (int?)minutes));

        var one = (await ListAsync(volunteer))[3];
        await (await host.Person(Guid.NewGuid()).PostJsonAsync($"/api/v1/notifications/{one.Id}/reading")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await me.PostJsonAsync($"/api/v1/notifications/{one.Id}/reading")).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await me.PostJsonAsync($"/api/v1/notifications/{one.Id}/reading")).ShouldBeAsync(HttpStatusCode.NoContent);
        (await me.IdsOfAllPagesAsync("/api/v1/notifications?unread=true&limit=10")).ShouldBe([.. all.Where(id => id != one.Id)]);

        var seen = await UnreadAsync(volunteer);
        host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 600));
        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(25));
        await (await me.PostJsonAsync("/api/v1/notifications/readings", new { upTo = seen.UpTo }, idempotencyKey: "all"))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await ListAsync(volunteer)).Where(left => !left.Read).ShouldHaveSingleItem().Minutes.ShouldBe(600);

        (await me.GetJsonAsync("/api/v1/notifications?language=en&limit=1")).GetProperty("items")[0].GetProperty("text").GetString()
            .ShouldBe("Рука помощи: 10\u00a0h confirmed");
        await (await me.GetResponseAsync("/api/v1/notifications?language=de")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-language");
        await (await me.GetResponseAsync("/api/v1/notifications?after=x")).ProblemAsync(HttpStatusCode.BadRequest, "malformed-cursor");
    }

    [Fact]
    public async Task the_stream_tells_at_once_and_who_comes_back_has_missed_nothing()
    {
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 60));
        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(1));
        var me = host.Person(volunteer);
        string last;
        await using (var stream = await EventStream.OpenAsync(me, "/api/v1/notifications/stream?language=en"))
        {
            (await stream.NextAsync("unread")).Data.GetProperty("unread").GetInt32().ShouldBe(1);
            host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 120));
            var (id, told) = await stream.NextAsync("notification");
            told.GetProperty("text").GetString().ShouldBe("Рука помощи: 2\u00a0h confirmed");
            (await stream.NextAsync("unread")).Data.GetProperty("unread").GetInt32().ShouldBe(2);
            // Read in another window.
            await (await me.PostJsonAsync("/api/v1/notifications/readings", new { upTo = long.Parse(id, CultureInfo.InvariantCulture) }))
                .ShouldBeAsync(HttpStatusCode.NoContent);
            (await stream.NextAsync("unread")).Data.GetProperty("unread").GetInt32().ShouldBe(0);
            last = id;
        }

        for (var number = 0; number < 250; number++)
        {
            host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 300 + number));
        }

        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(250));
        await using (var again = await EventStream.OpenAsync(me, "/api/v1/notifications/stream", last))
        {
            var minutes = new List<int>();
            for (var number = 0; number < 250; number++)
            {
                minutes.Add((await again.NextAsync("notification")).Data.GetProperty("minutes").GetInt32());
            }

            minutes.ShouldBe(Enumerable.Range(300, 250));
            (await again.NextAsync("unread")).Data.GetProperty("unread").GetInt32().ShouldBe(250);
        }

        await (await me.GetResponseAsync("/api/v1/notifications/stream?language=de")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-language");
    }

    [Fact]
    public async Task one_person_has_so_many_streams_and_no_more_and_they_end_with_the_service()
    {
        var me = host.Person(volunteer);
        var streams = new List<EventStream>();
        for (var number = 0; number < StreamNotificationsEndpoint.MostOfAPerson; number++)
        {
            streams.Add(await EventStream.OpenAsync(me, "/api/v1/notifications/stream"));
        }

        await (await me.GetResponseAsync("/api/v1/notifications/stream")).ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-streams");
        await using (await EventStream.OpenAsync(host.Person(Guid.NewGuid()), "/api/v1/notifications/stream"))
        {
        }

        await streams[0].DisposeAsync();
        streams[0] = await Eventually.Value(() => EventStream.OpenAsync(me, "/api/v1/notifications/stream"));
        await host.WhileStoppedAsync();
        await Task.WhenAll(streams.Select(stream => stream.Ended.WaitAsync(Eventually.Soon)));
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Fact]
    public async Task what_happens_is_mailed_to_the_address_in_the_book_as_the_person_wants_it_and_unsubscribed_by_the_link()
    {
        var address = await RegisterAsync(volunteer);
        var organisation = await host.ApprovedOrganisationAsync(coordinator, "Добрый двор");
        var me = host.Person(volunteer);
        var said = await me.GetResponseAsync("/api/v1/notifications/settings");
        (said.Version(), (await said.JsonAsync<NotificationSettingsView>()).Email).ShouldBe((0, address));
        (await host.Person(coordinator).GetJsonAsync<NotificationSettingsView>("/api/v1/notifications/settings")).Email.ShouldBeNull();

        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, true, Now, organisation, 240));
        var mail = await Eventually.Value(() => Task.FromResult(host.Mail.To(address).ShouldHaveSingleItem()));
        mail.Message.Subject.ShouldBe("Добрый двор: запись на 4\u00a0ч нужно исправить");
        mail.Message.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
        var link = new Uri(mail.Message.Headers["List-Unsubscribe"]!.Trim('<', '>'));
        link.AbsoluteUri.ShouldStartWith("https://book.example/unsubscribe/");
        mail.Message.TextBody!.ShouldContain(link.AbsoluteUri[..^"/at-once".Length]);
        mail.Message.TextBody!.ShouldContain("https://book.example/notifications/settings");

        // What is not wanted is not mailed, and what waits for the day's mail is as well.
        host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 60));
        await Eventually.Is(async () => (await DueAsync()).ShouldBe(1));
        await (await me.PutJsonAsync("/api/v1/notifications/settings", new SetNotificationSettings([], 24, "Europe/Moscow", "ru"), version: 0))
            .ProblemAsync(HttpStatusCode.BadRequest, "hour-out-of-range");
        await (await me.PutJsonAsync(
            "/api/v1/notifications/settings",
            new SetNotificationSettings([new(NotificationKind.EntryConfirmed, MailDelivery.Off)], 9, "Asia/Omsk", "en"), version: 0))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await DueAsync()).ShouldBe(0);
        await (await me.PutJsonAsync("/api/v1/notifications/settings", new SetNotificationSettings([], 9, "Asia/Omsk", "en"), version: 0))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");

        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, false, Now, organisation, 60));
        await Eventually.Is(() =>
        {
            host.Mail.To(address).Count.ShouldBe(2);
            host.Mail.To(address)[1].Message.Subject.ShouldBe("Добрый двор: your entry of 1\u00a0h was rejected");
            host.Mail.To(address)[1].Message.HtmlBody!.ShouldContain("<html lang=\"en\">");
            return Task.CompletedTask;
        });

        var path = $"/api/v1/notifications/unsubscriptions/{link.Segments[^2].TrimEnd('/')}";
        (await host.Anonymous().GetJsonAsync<Subscription>(path)).Mailed.ShouldBeTrue();
        await (await host.Anonymous().PostJsonAsync(path)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await host.Anonymous().PostJsonAsync(path)).ShouldBeAsync(HttpStatusCode.NoContent);
        (await host.Anonymous().GetJsonAsync<Subscription>(path)).Mailed.ShouldBeFalse();
        await (await host.Anonymous().PostJsonAsync(path[..^8] + "AAAAAAAA")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, true, Now, organisation, 240));
        await Eventually.Is(async () => (await ListAsync(volunteer)).Count.ShouldBe(4));
        (await DueAsync()).ShouldBe(0);
        host.Mail.To(address).Count.ShouldBe(2);
        (await host.QueryAsync<long>(
            "select count(*) from people.notifications n where position($1 in n::text) > 0", address)).ShouldBe([0]);

        async Task<long> DueAsync() =>
            (await host.QueryAsync<long>("select count(*) from people.notifications where person = $1 and mail_due_at is not null", volunteer)).Single();
    }

    [Fact]
    public async Task a_thousand_are_one_mail_a_day_that_names_some_and_counts_the_rest()
    {
        var address = await RegisterAsync(volunteer);
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        for (var number = 0; number < 1000; number++)
        {
            host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 60));
        }

        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(1000));
        host.Mail.To(address).ShouldBeEmpty();
        // The hour has come.
        await host.QueryAsync<int>("update people.notifications set mail_due_at = now() where person = $1", volunteer);
        await host.QueryAsync<string>("select pg_notify('volunteerbook_notifications', '')::text");

        var mail = await Eventually.Value(() => Task.FromResult(host.Mail.To(address).ShouldHaveSingleItem()));
        mail.Message.Subject.ShouldBe("Новое в книжке волонтёра: 1\u00a0000");
        mail.Message.TextBody!.Split("подтверждено 1\u00a0ч").Length.ShouldBe(NotificationMail.MostNamed + 1);
        mail.Message.TextBody!.ShouldContain("И ещё 950: https://book.example/notifications");
        (await host.QueryAsync<long>(
            "select count(*) from people.notifications where person = $1 and mail_due_at is null and mailed_at is not null", volunteer)).ShouldBe([1000]);
    }

    [Fact]
    public async Task each_mail_comes_once_though_the_mail_server_and_the_service_end_in_the_middle()
    {
        var addresses = new List<string>();
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        var people = Enumerable.Range(0, 12).Select(_ => Guid.NewGuid()).ToList();
        foreach (var one in people)
        {
            addresses.Add(await RegisterAsync(one));
        }

        Tell(people[..4]);
        await Eventually.Is(() => Task.FromResult(addresses[..4].TrueForAll(address => host.Mail.To(address).Count == 1)));
        await host.Mail.KillAsync();
        Tell(people[4..8]);
        await Eventually.Is(async () => (await host.QueryAsync<long>(
            "select count(*) from people.notifications where person = any($1) and mailed_at is not null", people[4..8].ToArray())).ShouldBe([4]));
        await host.WhileStoppedAsync("update outgoing_mail set next_at = now() where status = 'waiting'");
        await host.Mail.StartAsync();
        Tell(people[8..]);

        // What was tried while nobody answered is tried again a minute later.
        await Eventually.Is(
            () =>
            {
                addresses.Select(address => host.Mail.To(address).Count).ShouldAllBe(mails => mails == 1);
                return Task.CompletedTask;
            },
            TimeSpan.FromMinutes(4));

        void Tell(List<Guid> some)
        {
            foreach (var one in some)
            {
                host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), one, true, Now, organisation, 240));
            }
        }
    }

    [Fact]
    public async Task nobody_waits_behind_those_whose_key_cannot_be_opened_and_these_are_tried_again_later()
    {
        var address = await RegisterAsync(volunteer);
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        // More than are written at once, and they have waited longer.
        var broken = Enumerable.Range(0, 120).Select(_ => Guid.NewGuid()).ToArray();
        await host.QueryAsync<int>(
            "insert into keys.person_keys (person_id, master, wrapped, created_at) "
            + "select person, 'gone', '\\x00', now() from unnest($1::uuid[]) person", broken);
        await host.QueryAsync<int>(
            """
            insert into people.notifications (id, position, person, kind, at, mail_due_at)
            select gen_random_uuid(), nextval('people.notification_positions'), person, 'entryReturned', now(), now() - interval '1 hour'
            from unnest($1::uuid[]) person
            """, broken);
        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, true, Now, organisation, 240));

        await Eventually.Is(() => Task.FromResult(host.Mail.To(address).Count == 1));
        (await host.QueryAsync<long>("select count(*) from people.notifications where person = any($1) and mail_due_at > now()", broken)).ShouldBe([120]);
    }

    [Fact]
    public async Task what_was_put_down_while_its_person_unsubscribed_is_not_mailed()
    {
        var address = await RegisterAsync(volunteer);
        var organisation = await host.ApprovedOrganisationAsync(coordinator, "Добрый двор");
        await (await host.Person(volunteer).PutJsonAsync(
            "/api/v1/notifications/settings",
            new SetNotificationSettings([new(NotificationKind.EntryReturned, MailDelivery.Off), new(NotificationKind.EntryRejected, MailDelivery.Daily)],
                9, "Europe/Moscow", "ru"), version: 0)).ShouldBeAsync(HttpStatusCode.NoContent);
        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, true, Now, organisation, 60));
        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, false, Now, organisation, 240));
        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(2));

        // As by a reader that had looked at the settings of before.
        await DueAsync(volunteer);
        await Eventually.Is(() => Task.FromResult(host.Mail.To(address).Count == 1));
        host.Mail.To(address)[0].Message.Subject.ShouldBe("Добрый двор: запись на 4\u00a0ч отклонена");
        (await host.QueryAsync<long>("select count(*) from people.notifications where person = $1 and mail_due_at is not null", volunteer)).ShouldBe([0]);
        (await host.QueryAsync<string>("select kind from people.notifications where person = $1 and mailed_at is not null", volunteer))
            .ShouldBe(["entryRejected"]);
    }

    [Fact]
    public async Task a_name_in_a_mail_is_no_link_and_nobody_gets_more_than_so_many_mails_a_day()
    {
        var address = await RegisterAsync(volunteer);
        var organisation = await host.ApprovedOrganisationAsync(coordinator, "Приз на www.prize.example");
        await host.QueryAsync<int>(
            """
            insert into people.notifications (id, position, person, kind, at, mailed_at)
            select gen_random_uuid(), nextval('people.notification_positions'), $1, 'entryReturned', now(), now() - hours * interval '57 minutes'
            from generate_series(1, $2) hours
            """, volunteer, MailNotifications.MostOfADay);
        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, true, Now, organisation, 60));
        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(MailNotifications.MostOfADay + 1));
        var mails = host.Services.GetServices<IWhileLeading>().OfType<MailNotifications>().Single();
        await mails.WriteDueAsync(TestContext.Current.CancellationToken);
        (await host.QueryAsync<long>("select count(*) from people.notifications where person = $1 and mail_due_at is not null", volunteer)).ShouldBe([1]);

        // The first of them is a day ago: what waited comes with what has happened since.
        await host.QueryAsync<int>("update people.notifications set mailed_at = mailed_at - interval '75 minutes' where person = $1", volunteer);
        host.Ledger.Publish(new EntryDeclinedV1(Guid.NewGuid(), 1, Guid.NewGuid(), volunteer, false, Now, organisation, 240));
        await Eventually.Is(async () => (await UnreadAsync(volunteer)).Unread.ShouldBe(MailNotifications.MostOfADay + 2));
        await DueAsync(volunteer);
        await Eventually.Is(async () => (await host.QueryAsync<long>(
            "select count(*) from people.notifications where person = $1 and mail_due_at is not null", volunteer)).ShouldBe([0]));
        var mail = await Eventually.Value(() => Task.FromResult(host.Mail.To(address)[0]));
        mail.Message.TextBody!.ShouldContain("Приз на www prize example: запись на 1\u00a0ч нужно исправить");
        mail.Message.TextBody!.ShouldNotContain("www.prize.example");
        (await ListAsync(volunteer)).ShouldContain(one => one.Text.StartsWith("Приз на www.prize.example: "));
    }

    [Fact]
    public async Task who_has_no_address_has_the_inbox_alone_and_nothing_waits_for_one()
    {
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        host.Verification.Publish(new InquiryAnsweredV1(Guid.NewGuid(), Guid.NewGuid(), organisation, true, Now));
        await Eventually.Is(async () => (await ListAsync(coordinator)).Count.ShouldBe(2));
        await Eventually.Is(async () => (await host.QueryAsync<long>(
            "select count(*) from people.notifications where person = $1 and (mail_due_at is not null or mailed_at is not null)", coordinator)).ShouldBe([0]));
    }

    [Fact]
    public async Task of_a_key_that_ends_coordinators_are_told_once()
    {
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        var ends = new DateTimeOffset(DateTimeOffset.UtcNow.AddDays(6).Date, TimeSpan.Zero);
        await WithKeysAsync(organisation, (ends.AddYears(-1), ends));
        // Somebody whose settings cannot be read keeps nobody else from being told.
        var broken = Guid.NewGuid();
        var theirs = await host.ApprovedOrganisationAsync(broken);
        await Eventually.Is(async () => (await UnreadAsync(broken)).Unread.ShouldBe(1));
        await (await host.Person(broken).PutJsonAsync(
            "/api/v1/notifications/settings", new SetNotificationSettings([], 9, "Europe/Moscow", "ru"), version: 0)).ShouldBeAsync(HttpStatusCode.NoContent);
        await host.QueryAsync<int>(
            "update people.mt_doc_notificationsettings set data = jsonb_set(data, '{hour}', '\"x\"') where id = $1", NotificationSettings.IdOf(broken));
        await WithKeysAsync(theirs, (ends.AddYears(-1), ends));
        var tell = host.Services.GetServices<IWhileLeading>().OfType<TellOfEndingKeys>().Single();
        await tell.LookAsync(TestContext.Current.CancellationToken);
        await tell.LookAsync(TestContext.Current.CancellationToken);

        var told = (await ListAsync(coordinator)).Where(one => one.Kind == NotificationKind.KeyExpires).ShouldHaveSingleItem();
        (told.Until, told.Link).ShouldBe((ends, $"/coordination/{organisation}/keys"));
        told.Text.ShouldStartWith("Рука помощи: ключ подписи действует до ");
    }

    [Theory]
    [InlineData(-1, 365, false, 0)]
    [InlineData(0, null, false, 0)]
    [InlineData(1, 365, false, 1)] // A day without a key.
    [InlineData(-1, 365, true, 1)]
    [InlineData(-100, 0, false, 2)] // It ends with the other: both end.
    public async Task whoever_has_registered_the_key_that_follows_is_not_told(int from, int? until, bool revoked, int told)
    {
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        var ends = new DateTimeOffset(DateTimeOffset.UtcNow.AddDays(6).Date, TimeSpan.Zero);
        await WithKeysAsync(organisation, (ends.AddYears(-1), ends), (ends.AddDays(from), until is { } days ? ends.AddDays(days) : null));
        if (revoked)
        {
            await host.QueryAsync<int>(
                "update registry.mt_doc_organisation set data = jsonb_set(data, '{keys,1,revokedAt}', to_jsonb(now())) where id = $1", organisation);
        }

        await host.Services.GetServices<IWhileLeading>().OfType<TellOfEndingKeys>().Single().LookAsync(TestContext.Current.CancellationToken);

        (await ListAsync(coordinator)).Count(one => one.Kind == NotificationKind.KeyExpires).ShouldBe(told);
    }

    [Fact]
    public async Task what_was_read_goes_after_its_time_and_all_of_whoever_was_erased()
    {
        await RegisterAsync(volunteer);
        var (erased, organisation) = (Guid.NewGuid(), await host.ApprovedOrganisationAsync(coordinator));
        await RegisterAsync(erased);
        foreach (var number in Enumerable.Range(1, 3))
        {
            host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), number));
        }

        host.Ledger.Publish(Confirmed(organisation, Guid.NewGuid(), 4) with { VolunteerId = erased });
        await Eventually.Is(async () => ((await UnreadAsync(volunteer)).Unread, (await UnreadAsync(erased)).Unread).ShouldBe((3, 1)));
        await host.QueryAsync<int>(
            "update people.notifications set at = now() - interval '91 days', read_at = case when minutes = 1 then now() - interval '91 days' end "
            + "where person = $1 and minutes < 3", volunteer);
        await host.QueryAsync<int>("update keys.person_keys set wrapped = null where person_id = $1", erased);

        foreach (var remover in host.Services.GetServices<IWhileLeading>().OfType<RemoveWhatIsOver>().Where(remover => remover.Table == "people.notifications"))
        {
            await remover.RemoveAsync(TestContext.Current.CancellationToken);
        }

        (await ListAsync(volunteer)).Select(one => one.Minutes).ShouldBe([3, 2]);
        (await ListAsync(erased)).ShouldBeEmpty();
    }

    private EntryConfirmedV1 Confirmed(Guid organisation, Guid entry, int minutes) => new(
        entry, 1, Guid.NewGuid(), volunteer,
        new EntryFacts(organisation, "Забота рядом", "D12", "RU-MOW", [new Shift(new DateTime(2026, 5, 8, 10, 0, 0), "Europe/Moscow", minutes)]), Now);

    private Task<IReadOnlyList<int>> WithKeysAsync(Guid organisation, params (DateTimeOffset From, DateTimeOffset? Until)[] keys) => host.QueryAsync<int>(
        "update registry.mt_doc_organisation set data = jsonb_set(data, '{keys}', $2::text::jsonb) where id = $1", organisation,
        JsonSerializer.Serialize(keys.Select((key, n) => new
        {
            kid = $"k{n}",
            label = "l",
            x = "",
            y = "",
            validFrom = key.From,
            validUntil = key.Until,
            registeredAt = key.From,
        })));

    /// <summary>All of somebody's is to be mailed now.</summary>
    private async Task DueAsync(Guid person)
    {
        await host.QueryAsync<int>("update people.notifications set mail_due_at = now() where person = $1 and mailed_at is null", person);
        await host.QueryAsync<string>("select pg_notify('volunteerbook_notifications', '')::text");
    }

    private async Task<string> RegisterAsync(Guid person)
    {
        var address = $"{Guid.NewGuid():n}@example.org";
        using var registered = await host.Person(person).PostJsonAsync("/api/v1/volunteers", new
        {
            name = new { family = "Смирнова", given = "Анна" },
            birthDate = "1999-01-31",
            region = "RU-MOW",
            contacts = new { email = address },
        });
        await registered.ShouldBeAsync(HttpStatusCode.Created);
        return address;
    }

    private Task<UnreadNotifications> UnreadAsync(Guid person) => host.Person(person).GetJsonAsync<UnreadNotifications>("/api/v1/notifications/unread");

    private async Task<IReadOnlyList<NotificationView>> ListAsync(Guid person) =>
        (await host.Person(person).GetJsonAsync("/api/v1/notifications?limit=200")).GetProperty("items").Deserialize<List<NotificationView>>(Http.Json)!;

    private Task ShouldBeToldAsync(Guid person, string[] texts) =>
        Eventually.Is(async () => (await ListAsync(person)).Select(one => one.Text).ShouldBe(texts, ignoreOrder: true));
}
