using System.Diagnostics;
using Npgsql;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// A read model made anew from the publisher's log: Reporting's reader of hours has no position and no tables, and gets all of the past from the ledger's feed;
/// against <c>COPY … TO STDOUT</c> of the same rows. What it is told is counted, and copied; what the ledger does not publish it passes over.
/// </summary>
internal static class RebuildBench
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static int Entries => Ground.Times(10_000);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        await using var ledger = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=ledger;Command Timeout=300");
        await using var reporting = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=reporting;Command Timeout=300");
        await MultiplyAsync(ground, ledger, ct);
        // What follows it (a certificate's issue) is published to nobody, and passed over in memory.
        var end = (long)(await AskAsync(ledger, "select max(seq_id) from mt_events where type = 'entry_confirmed'", ct))!;
        await LevelAsync(reporting, end, ct);
        await Ground.QuietAsync(ct);
        var before = await FiguresAsync(reporting, ct);

        // Here a command will take its place that fills the next version of the reader beside this one.
        await ground.System.KillAsync("reporting");
        await AskAsync(
            reporting,
            """
            do $$ begin
                execute (select 'truncate ' || string_agg(oid::regclass::text, ', ') from pg_class
                    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p'));
            end $$;
            alter sequence mt_events_sequence restart
            """,
            ct);
        await ground.System.StartAsync("reporting", ct);
        var ours = await RateAsync(ledger, reporting, end, ct);
        if (await FiguresAsync(reporting, ct) is var after && after != before)
        {
            throw new InvalidOperationException($"The figures were {before} and are {after}.");
        }

        Ground.Report("rebuild-of-a-read-model", ours, await CopyAsync(ledger, ct), "events/s", "0.15");
    }

    // From when it has begun: how long a process takes to start says nothing of the reader.
    private static async Task<double> RateAsync(NpgsqlDataSource ledger, NpgsqlDataSource reporting, long end, CancellationToken ct)
    {
        var first = 0L;
        while ((first = await PositionAsync(reporting, ct)) == 0)
        {
            await Task.Delay(Look, ct);
        }

        var clock = Stopwatch.StartNew();
        await LevelAsync(reporting, end, ct);
        var elapsed = clock.Elapsed.TotalSeconds;
        return await CountAsync(ledger, first, ct) / elapsed;
    }

    private static async Task LevelAsync(NpgsqlDataSource reporting, long end, CancellationToken ct)
    {
        // It writes down now and then what it passes over; what it handles, it writes down with it.
        for (var clock = Stopwatch.StartNew(); await PositionAsync(reporting, ct) < end; await Task.Delay(Look, ct))
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException("Reporting did not get level with the ledger.");
            }
        }
    }

    private static async Task<long> PositionAsync(NpgsqlDataSource reporting, CancellationToken ct) =>
        await AskAsync(reporting, "select sequence from reader_positions where reader = 'hours' and version = 1 and publisher = 'ledger'", ct) as long? ?? 0;

    private static async Task<string> FiguresAsync(NpgsqlDataSource reporting, CancellationToken ct) =>
        (string)(await AskAsync(reporting, "select format('%s minutes in %s entries', sum(minutes), sum(entries)) from totals", ct))!;

    private static async Task<long> CountAsync(NpgsqlDataSource ledger, long after, CancellationToken ct) =>
        (long)(await AskAsync(ledger, $"select count(*) from mt_events where type in ('entry_submitted', 'entry_confirmed') and seq_id > {after}", ct))!;

    private static async Task<double> CopyAsync(NpgsqlDataSource ledger, CancellationToken ct)
    {
        var best = 0.0;
        for (var round = 0; round < 4; round++)
        {
            await using var connection = await ledger.OpenConnectionAsync(ct);
            var clock = Stopwatch.StartNew();
            await using (var copy = await connection.BeginRawBinaryCopyAsync(
                """
                copy (select seq_id, id, stream_id, version, type, timestamp, user_name, correlation_id, data::text from mt_events
                    where type in ('entry_submitted', 'entry_confirmed') order by seq_id) to stdout (format binary)
                """,
                ct))
            {
                var buffer = new byte[128 * 1024];
                while (await copy.ReadAsync(buffer, ct) > 0)
                {
                }
            }

            var elapsed = clock.Elapsed.TotalSeconds;
            best = Math.Max(best, await CountAsync(ledger, 0, ct) / elapsed);
        }

        return best;
    }

    /// <summary>
    /// Many entries that were logged, submitted and confirmed, each of another volunteer, straight into the log: copies of one that was. They end with the
    /// model's own last event, sent as ever.
    /// </summary>
    private static async Task MultiplyAsync(Ground ground, NpgsqlDataSource ledger, CancellationToken ct)
    {
        await using var job = await MainJob.AtOursAsync(ground, 200, ct);
        var (_, cases) = await job.SubmitAsync(1, ct);
        await job.ConfirmAsync(await job.SignAsync(cases, ct), ct);
        await AskAsync(
            ledger,
            $"""
            create temp table model as select * from mt_events
                where stream_id = (select stream_id from mt_events where type = 'entry_confirmed' order by seq_id desc limit 1) order by version;
            create temp table fresh as select gen_random_uuid() as stream, gen_random_uuid()::text as volunteer from generate_series(1, {Entries});
            insert into mt_streams (id, type, version) select stream, 'entry', (select max(version) from model) from fresh;
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                correlation_id, causation_id, headers, user_name, is_archived)
            select nextval('mt_events_sequence'), gen_random_uuid(), stream, version,
                replace(data::text, '{DemoAccounts.Id(DemoAccounts.Volunteer(200))}', volunteer)::jsonb, type, timestamp, tenant_id, mt_dotnet_type,
                correlation_id, causation_id, headers, user_name, is_archived
            from fresh cross join lateral (select * from model order by version) model;
            """,
            ct);
        // An append that is told: whoever reads the log looks now.
        var (_, last) = await job.SubmitAsync(1, ct);
        await job.ConfirmAsync(await job.SignAsync(last, ct), ct);
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(ct);
    }
}
