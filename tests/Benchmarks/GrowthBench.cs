using System.Globalization;
using Npgsql;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// What the databases grow by: entries are logged, submitted and confirmed, and each table is looked at before and after, as it lies on the disk with its
/// indexes. The first lines are the sums for an entry; of each table the rows for an entry, the bytes for a row, of these how many are indexes', and how many
/// of the updates found room beside the row, so that no index was touched.
/// </summary>
internal static class GrowthBench
{
    private static readonly string[] Databases = ["identity", "profiles", "ledger", "verification", "vacancies", "reporting", "portal"];

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var entries = Ground.Times(3000);
        await using var job = await MainJob.AtOursAsync(ground, 160, ct);
        // Afterwards every table that takes part has pages, and every backend its statements.
        await job.ConfirmAsync(await job.SignAsync((await job.SubmitAsync(200, ct)).Cases, ct), ct);
        await Ground.QuietAsync(ct);
        var start = await TablesAsync(ground, ct);
        var (_, cases) = await job.SubmitAsync(entries, ct);
        await Ground.QuietAsync(ct);
        var submitted = await TablesAsync(ground, ct);
        var signed = await job.SignAsync(cases, ct);
        await job.ConfirmAsync(signed, ct);
        await Ground.QuietAsync(ct);
        // Backends tell what they did when they have been idle for ten seconds.
        await Task.Delay(TimeSpan.FromSeconds(12), ct);
        var confirmed = await TablesAsync(ground, ct);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"growth for an entry that was logged and submitted: {Bytes(start, submitted) / (double)entries:0} bytes"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"growth for its confirmation: {Bytes(submitted, confirmed) / (double)entries:0} bytes"));
        foreach (var (name, after) in confirmed.OrderByDescending(table => table.Value.Bytes - start.GetValueOrDefault(table.Key, Table.None).Bytes))
        {
            var before = start.GetValueOrDefault(name, Table.None);
            var (rows, bytes, indexes, updates, hot) =
                (after.Rows - before.Rows, after.Bytes - before.Bytes, after.Indexes - before.Indexes, after.Updates - before.Updates, after.Hot - before.Hot);
            if (bytes > 0 || updates > 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {name,-44} {rows / (double)entries,6:0.00} rows an entry {(rows > 0 ? bytes / rows : 0),6} bytes a row, "
                    + $"indexes {(rows > 0 ? indexes / rows : 0),5}; "
                    + $"{bytes / (double)entries,6:0} bytes an entry; {updates / (double)entries,5:0.00} updates an "
                    + $"entry, {(updates > 0 ? 100 * hot / updates : 0),3} % in place"));
            }
        }

        static long Bytes(Dictionary<string, Table> before, Dictionary<string, Table> after) =>
            after.Sum(table => table.Value.Bytes) - before.Sum(table => table.Value.Bytes);
    }

    private static async Task<Dictionary<string, Table>> TablesAsync(Ground ground, CancellationToken ct)
    {
        var tables = new Dictionary<string, Table>();
        foreach (var database in Databases)
        {
            await using var source = NpgsqlDataSource.Create($"{ground.System.Postgres};Database={database};Pooling=false");
            await using var command = source.CreateCommand(
                """
                select schemaname || '.' || relname,
                    (xpath('/row/count/text()', query_to_xml(format('select count(*) from %I.%I', schemaname, relname), false, true, '')))[1]::text::bigint,
                    pg_total_relation_size(relid), pg_indexes_size(relid), n_tup_upd, n_tup_hot_upd
                from pg_stat_user_tables
                """);
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                tables[$"{database} {row.GetString(0)}"] = new(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
            }
        }

        return tables;
    }

    private sealed record Table(long Rows, long Bytes, long Indexes, long Updates, long Hot)
    {
        public static Table None { get; } = new(0, 0, 0, 0, 0);
    }
}
