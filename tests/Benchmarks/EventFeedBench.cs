using System.Diagnostics;
using Npgsql;

namespace VolunteerBook.Benchmarks;

/// <summary>The event feed over HTTP, against COPY TO STDOUT of the same rows and columns.</summary>
internal static class EventFeedBench
{
    private static int Rows => Ground.Times(200_000);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=ledger;Command Timeout=300");
        await using (var job = await MainJob.AtOursAsync(ground, 240, ct))
        {
            await job.SubmitAsync(1, ct);
        }

        await MultiplyAsync(database, ct);
        using var analyst = await Ground.ClientAsync(
            ground.System.Address("ledger"), ground.Nobody.Machine("analyst", ground.System.Secrets.AnalystClient, "events"), ct);
        using var throughGateway = await Ground.ClientAsync(
            ground.System.Gateway, ground.Nobody.Machine("analyst", ground.System.Secrets.AnalystClient, "events"), ct);
        var (copy, direct, through) = (0.0, 0.0, 0.0);
        // In turns, so that none is read colder than another, the first round for warmth; then the best of three: what else the machine does only ever slows.
        for (var round = 0; round < 4; round++)
        {
            var (copied, read, routed) = (await CopyAsync(database, ct), await ReadFeedAsync(analyst, ct), await ReadFeedAsync(throughGateway, ct));
            (copy, direct, through) = round == 0 ? default : (Math.Max(copy, copied), Math.Max(direct, read), Math.Max(through, routed));
        }

        Ground.Report("event-feed-at-the-service", direct, copy, "events/s", "0.6");
        Ground.Report("event-feed-through-the-gateway", through, copy, "events/s", "0.6");
    }

    /// <summary>More of the entries that are there, each in a stream of its own, straight into the log.</summary>
    private static async Task MultiplyAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var multiply = database.CreateCommand(
            $"""
            create temp table model as select * from mt_events where type = 'entry_logged' limit 1;
            create temp table fresh as select gen_random_uuid() as stream, nextval('mt_events_sequence') as seq from generate_series(1, {Rows});
            insert into mt_streams (id, type, version) select stream, 'entry', 1 from fresh;
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id,
                headers, user_name, is_archived)
            select seq, gen_random_uuid(), stream, 1, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, user_name,
                is_archived from model, fresh;
            """);
        await multiply.ExecuteNonQueryAsync(ct);
    }

    private static async Task<double> ReadFeedAsync(HttpClient client, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var response = await client.GetAsync(new Uri("/api/v1/events/ledger", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[128 * 1024];
        var lines = 0;
        int read;
        while ((read = await body.ReadAsync(buffer, ct)) > 0)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines >= Rows ? lines / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"The feed gave {lines} lines.");
    }

    private static async Task<double> CopyAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var clock = Stopwatch.StartNew();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            "copy (select seq_id, id, stream_id, version, type, timestamp, user_name, correlation_id, data::text from mt_events "
                + "order by seq_id) to stdout (format binary)", ct);
        var buffer = new byte[128 * 1024];
        while (await copy.ReadAsync(buffer, ct) > 0)
        {
        }

        var elapsed = clock.Elapsed.TotalSeconds;
        await using var count = database.CreateCommand("select count(*) from mt_events");
        return (long)(await count.ExecuteScalarAsync(ct))! / elapsed;
    }
}
