using System.Diagnostics;
using Npgsql;
using VolunteerBook.AppHost;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// A read model made anew from the publisher's log: another edition of Reporting's hours is filled beside the one that answers, and gets all of the past from
/// the ledger's feed; against <c>COPY … TO STDOUT</c> of the same rows. What it is told is counted, and copied; what the ledger does not publish it passes
/// over.
/// </summary>
internal static class RebuildBench
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static int Entries => Ground.Times(50_000);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        await using var ledger = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=ledger;Command Timeout=300");
        await using var reporting = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=reporting;Command Timeout=300");
        var begin = (long)(await AskAsync(ledger, "select coalesce(max(seq_id), 0) from mt_events", ct))!;
        await MultiplyAsync(ground, ledger, ct);
        // What follows it (a certificate's issue) is published to nobody, and passed over in memory.
        var end = (long)(await AskAsync(ledger, "select max(seq_id) from mt_events where type = 'entry_confirmed'", ct))!;
        var version = (int)(await AskAsync(reporting, "select max(version) from read_models where reader = 'hours' and dropped_at is null", ct))!;
        var model = new Model(reporting, version, Edition: 1);
        await model.LevelAsync(end, ct);
        await Ground.QuietAsync(ct);

        await using var rebuild = Child.Start(
            ground.System.Environment("reporting"), "dotnet",
            AsBuilt.Program(Path.Combine(AsBuilt.Repository, "services", "Reporting", "Reporting.csproj")), "readers", "rebuild", "--reader", "hours");
        if (await rebuild.EndAsync(Patience, ct) != 0)
        {
            throw new InvalidOperationException(rebuild.LastLines);
        }

        var anew = model with { Edition = 2 };
        var ours = await RateAsync(ledger, anew, begin, end, ct);
        var (before, after) = (await model.FiguresAsync(ct), await anew.FiguresAsync(ct));
        if (before != after)
        {
            throw new InvalidOperationException($"The figures were {before} and are {after}.");
        }

        Ground.Report("rebuild-of-a-read-model", ours, await CopyAsync(ledger, ct), "events/s", "0.15");
    }

    // From when the copies have begun. How soon a service looks for what is to be filled says nothing of the reader, and what benchmarks before this one
    // left in the log is thousands of entries of few people, which are settled one after the other.
    private static async Task<double> RateAsync(NpgsqlDataSource ledger, Model anew, long begin, long end, CancellationToken ct)
    {
        var first = 0L;
        while ((first = await anew.PositionAsync(ct)) <= begin)
        {
            await Task.Delay(Look, ct);
        }

        var clock = Stopwatch.StartNew();
        await anew.LevelAsync(end, ct);
        var elapsed = clock.Elapsed.TotalSeconds;
        return await CountAsync(ledger, first, ct) / elapsed;
    }

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

    /// <summary>An edition of the figures that Reporting's reader of hours keeps.</summary>
    private sealed record Model(NpgsqlDataSource Reporting, int Version, int Edition)
    {
        public async Task LevelAsync(long end, CancellationToken ct)
        {
            // It writes down now and then what it passes over; what it handles, it writes down with it.
            for (var clock = Stopwatch.StartNew(); await PositionAsync(ct) < end; await Task.Delay(Look, ct))
            {
                if (clock.Elapsed > Patience)
                {
                    throw new InvalidOperationException("Reporting did not get level with the ledger.");
                }
            }
        }

        public async Task<long> PositionAsync(CancellationToken ct) => await AskAsync(
            Reporting,
            $"select sequence from reader_positions where reader = 'hours' and version = {Version} and edition = {Edition} and publisher = 'ledger'",
            ct) as long? ?? 0;

        public async Task<string> FiguresAsync(CancellationToken ct) => (string)(await AskAsync(
            Reporting,
            $"select format('%s minutes in %s entries', sum(minutes), sum(entries)) from hours_v{Version}{(Edition == 1 ? "" : $"_{Edition}")}.totals",
            ct))!;
    }
}
