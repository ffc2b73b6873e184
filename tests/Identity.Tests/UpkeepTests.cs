using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>What nobody can use any more goes, a batch at a time, also with several instances, and what is in use stays.</summary>
public sealed class UpkeepTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task tokens_sessions_and_counts_that_are_over_go_in_batches_and_the_others_stay()
    {
        await using (var first = await IdentityService.StartAsync(database.ConnectionString, ("Demo:Accounts", "true")))
        {
            // What it does at its start is over when it has taken the turn and given it back.
            await Eventually.Is(async () => (await CountAsync("select count(*) from pg_locks where locktype = 'advisory'")).ShouldBe(0));
        }

        foreach (var table in new[] { "sessions", "throttles", "outgoing_mail", "account_links", "\"OpenIddictTokens\"", "\"OpenIddictAuthorizations\"" })
        {
            await database.SqlAsync(
                """
                create table if not exists removals (of text, transaction bigint, rows bigint);
                create or replace function count_removal() returns trigger language plpgsql as $$
                begin insert into removals select tg_argv[0], txid_current(), count(*) from gone having count(*) > 0; return null; end $$
                """);
            await database.SqlAsync(
                $"create trigger counted after delete on {table} referencing old table as gone for each statement "
                + $"execute function count_removal('{table.Trim('"')}')");
        }

        await database.SqlAsync(
            """
            insert into sessions ("Id", "AccountId", "StartedAt", "UsedAt", "Browser", "Clients")
            select gen_random_uuid(), (select "Id" from accounts limit 1), now() - interval '90 days',
                now() - make_interval(days => case when n <= 2300 then 15 else 13 end), 'browser ' || (n > 2300), '{}'
            from generate_series(1, 2305) n
            """);
        await database.SqlAsync("insert into throttles (key, level, at) select sha256(n::text::bytea), 1, now() - make_interval(mins => case "
            + "when n <= 1200 then 121 else 119 end) from generate_series(1, 1203) n");
        await database.SqlAsync(
            """
            insert into "OpenIddictAuthorizations" ("Id", "CreationDate", "Status", "Type", "Subject")
            select 'over ' || n, now() - interval '15 days', 'valid', 'ad-hoc', 'somebody' from generate_series(1, 1100) n union all
                select 'kept', now() - interval '15 days', 'valid', 'ad-hoc', 'somebody'
            """);
        await database.SqlAsync(
            """
            insert into "OpenIddictTokens" ("Id", "AuthorizationId", "CreationDate", "ExpirationDate", "Status", "Type", "Subject")
            select 'over ' || n, 'over ' || (1 + n % 1100), now() - interval '15 days', now() - interval '14 days 1 hour', 'valid', 'access_token', 'somebody'
                from generate_series(1, 2400) n
            union all select 'lately ' || n, null, now() - interval '13 days', now() - interval '12 days', 'valid', 'access_token', 'somebody'
                from generate_series(1, 4) n
            union all select 'lives', 'kept', now() - interval '15 days', now() + interval '6 days', 'valid', 'refresh_token', 'somebody'
            """);

        await database.SqlAsync(
            """
            insert into outgoing_mail (id, at, last_at, status, attempts)
            select gen_random_uuid(), now() - make_interval(days => case when n <= 1010 then 366 else 364 end), now() - interval '366 days', 'sent', 1
                from generate_series(1, 1013) n
            union all select gen_random_uuid(), now() - interval '366 days', now() - interval '366 days', 'waiting', 1
            """);
        await database.SqlAsync(
            """
            insert into account_links ("Hash", "AccountId", "Purpose", "Address", "Until")
            select sha256(n::text::bytea), (select "Id" from accounts limit 1), 'ConfirmAddress', 'a@example.org',
                now() + make_interval(mins => case when n <= 1020 then -1 else 59 end) from generate_series(1, 1022) n
            """);

        // Two that begin at the same moment.
        var both = await Task.WhenAll(Enumerable.Range(0, 2)
            .Select(_ => IdentityService.StartAsync(database.ConnectionString, ("Demo:Accounts", "true"), ("Retention:TokensDays", "14"))));
        await Eventually.Is(async () =>
        {
            (await CountAsync("select count(*) from sessions")).ShouldBe(5);
            (await CountAsync("select count(*) from throttles where key in (select sha256(n::text::bytea) from generate_series(1, 1203) n)")).ShouldBe(3);
            (await CountAsync("select count(*) from outgoing_mail")).ShouldBe(4);
            (await CountAsync("select count(*) from account_links")).ShouldBe(2);
            (await CountAsync("""select count(*) from "OpenIddictTokens" where "Id" like 'lately %' or "Id" = 'lives'""")).ShouldBe(5);
            (await CountAsync("""select count(*) from "OpenIddictTokens" where "Id" like 'over %'""")).ShouldBe(0);
            (await CountAsync("""select count(*) from "OpenIddictAuthorizations" where "Subject" = 'somebody'""")).ShouldBe(1);
        });
        (await CountAsync("select count(*) from sessions where \"Browser\" = 'browser true'")).ShouldBe(5);
        (await CountAsync("select max(rows) from (select sum(rows)::bigint as rows from removals group by of, transaction) batch"))
            .ShouldBeLessThanOrEqualTo(Upkeep.BatchSize);
        (await CountAsync("select count(distinct of) from removals")).ShouldBe(6);
        (await CountAsync("select sum(rows)::bigint from removals")).ShouldBe(2300 + 1200 + 2400 + 1100 + 1010 + 1020);
        foreach (var service in both) await service.DisposeAsync();
    }

    [Theory]
    [InlineData("13")]
    [InlineData("a month")]
    public async Task days_that_are_no_number_or_end_before_a_refresh_token_does_stop_the_start_and_are_named(string days) =>
        (await Should.ThrowAsync<InvalidOperationException>(
            () => IdentityService.StartAsync(database.ConnectionString, ("Retention:TokensDays", days)))).Message
            .ShouldContain("Retention:TokensDays is not a whole number of days from 14");

    async Task<long> CountAsync(string sql) => (long)(await database.SqlAsync(sql))!;
}
