using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>What is of use for a while only goes when its time is over, a batch at a time, and nothing else goes with it. Mail is the example.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly CountingSystem system = new();
    private RunningService service = null!;

    public async ValueTask InitializeAsync()
    {
        await system.InitializeAsync();
        service = await system.StartCountingAsync(with: settings => settings.With("Retention:MailDays", "30"));
        await Eventually.Is(service.LeadsAsync);
        // What it did when it began to lead is over, and the next time is in an hour.
        await MailAsync(1, "sent", days: 31);
        await RemoverOf(service).RemoveAsync(Ct);
    }

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task what_is_over_goes_in_batches_and_what_is_not_stays()
    {
        await CountRemovalsAsync();
        await MailAsync(2_300, "sent", days: 31);
        await MailAsync(200, "failed", days: 400);
        await MailAsync(7, "sent", days: 29);
        await MailAsync(3, "waiting", days: 400);
        // Long under way, and sent just now.
        await MailAsync(2, "sent", days: 31, lastDays: 29);

        await RemoverOf(service).RemoveAsync(Ct);

        (await service.QueryAsync<string>("select status || ' ' || count(*) from outgoing_mail group by status order by status"))
            .ShouldBe(["sent 9", "waiting 3"]);
        (await service.QueryAsync<long>("select rows from removals order by number")).ShouldBe([1000L, 1000L, 500L]);
        (await service.QueryAsync<long>("select count(distinct transaction) from removals")).ShouldBe([3L]);
    }

    [Fact]
    public async Task two_instances_that_both_believe_to_lead_remove_each_row_once_and_none_fails()
    {
        var second = await system.StartCountingAsync(ServiceSettings.FreeAddress(), settings => settings.With("Retention:MailDays", "30"));
        await CountRemovalsAsync();
        await MailAsync(5_000, "sent", days: 31);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => RemoverOf(number % 2 == 0 ? service : second).RemoveAsync(Ct)));

        // One that found rows locked leaves them to the next time.
        await RemoverOf(second).RemoveAsync(Ct);
        (await service.QueryAsync<long>("select count(*) from outgoing_mail")).ShouldBe([0L]);
        (await service.QueryAsync<long>("select sum(rows)::bigint from removals")).ShouldBe([5_000L]);
    }

    [Fact]
    public async Task a_row_that_somebody_holds_is_left_and_not_waited_for_and_one_that_was_changed_meanwhile_stays()
    {
        await MailAsync(3, "sent", days: 31);
        await using var connection = new NpgsqlConnection(service.Database);
        await connection.OpenAsync(Ct);
        await using (var transaction = await connection.BeginTransactionAsync(Ct))
        {
            await using var again = new NpgsqlCommand(
                "update outgoing_mail set status = 'waiting', next_at = now() where id = (select id from outgoing_mail order by id limit 1)", connection);
            await again.ExecuteNonQueryAsync(Ct);
            await RemoverOf(service).RemoveAsync(Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);
            (await service.QueryAsync<long>("select count(*) from outgoing_mail")).ShouldBe([1L]);
            await transaction.CommitAsync(Ct);
        }

        await RemoverOf(service).RemoveAsync(Ct);
        (await service.QueryAsync<string>("select status from outgoing_mail")).ShouldBe(["waiting"]);
    }

    [Fact]
    public async Task it_goes_by_itself_when_an_instance_begins_to_lead()
    {
        await MailAsync(1_500, "sent", days: 366);
        await service.StopAsync();
        // By the default, a year.
        var second = await system.StartCountingAsync(ServiceSettings.FreeAddress());
        await Eventually.Is(async () => (await second.QueryAsync<long>("select count(*) from outgoing_mail")).ShouldBe([0L]));
    }

    [Theory]
    [InlineData("Retention:MailDays", "6")]
    [InlineData("Retention:MailDays", "ever")]
    [InlineData("Retention:MailDays", "30.5")]
    [InlineData("Retention:MailDays", "-30")]
    [InlineData("Retention:AnswersDays", "0")]
    [InlineData("Retention:AnswersDays", "40000")]
    public async Task a_setting_that_is_no_such_number_of_days_stops_the_start_and_is_named(string name, string value) =>
        (await Should.ThrowAsync<InvalidOperationException>(
            () => system.StartCountingAsync(ServiceSettings.FreeAddress(), settings => settings.With(name, value)))).Message
            .ShouldContain($"{name} is not a whole number of days from");

    private static RemoveWhatIsOver RemoverOf(RunningService service) =>
        service.Services.GetServices<IWhileLeading>().OfType<RemoveWhatIsOver>().Single(remover => remover.Table == "outgoing_mail");

    private Task<IReadOnlyList<long>> MailAsync(int mails, string status, int days, int? lastDays = null) => service.QueryAsync<long>(
        """
        with made as (
            insert into outgoing_mail (id, at, status, attempts, last_at)
            select gen_random_uuid(), now() - make_interval(days => $3), $2, 1, now() - make_interval(days => $4) from generate_series(1, $1) returning 1)
        select count(*) from made
        """, mails, status, days, lastDays ?? days);

    private async Task CountRemovalsAsync()
    {
        foreach (var statement in new[]
        {
            "create table removals (number bigint generated always as identity, transaction bigint, rows bigint)",
            """
            create function count_removal() returns trigger language plpgsql as $$
            begin insert into removals (transaction, rows) select txid_current(), count(*) from gone having count(*) > 0; return null; end $$
            """,
            "create trigger count_removal after delete on outgoing_mail referencing old table as gone for each statement execute function count_removal()",
        })
        {
            await service.QueryAsync<long>(statement);
        }
    }
}
