using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>Taking in an attendance document of 100,000 rows at the service, read, checked, hashed into its tree and stored, against a <c>COPY</c> of the same rows into a plain table.</summary>
internal static class ImportSheetBench
{
    private const int Rows = 100_000;

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        using var service = await Ground.ClientAsync(ground.System.Address("verification"), ground.Coordinator, ct);
        // Three of each, in turn; the first warms up.
        var (ours, baseline) = (0.0, 0.0);
        for (var round = 0; round < 3; round++)
        {
            baseline = await CopyAsync(ground, round, ct);
            ours = await ImportAsync(ground, service, ct);
        }

        Ground.Report("import-of-100000-attendance-rows", ours, baseline, "rows/s");
    }

    private static async Task<double> ImportAsync(Ground ground, HttpClient service, CancellationToken ct)
    {
        var text = new StringBuilder("volunteer_id,start,zone,minutes,project,task_type,region\n", Rows * 110);
        for (var i = 0; i < Rows; i++)
        {
            text.Append(Guid.CreateVersion7()).Append(",2025-05-09T10:00,Europe/Moscow,240,Забота рядом,D12,RU-MOW\n");
        }

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text.ToString()));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        var clock = Stopwatch.StartNew();
        using var answer = await service.PostAsync(new Uri($"/api/v1/sheets?organisationId={ground.Organisation.Id}", UriKind.Relative), content, ct);
        answer.EnsureSuccessStatusCode();
        return Rows / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> CopyAsync(Ground ground, int round, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create($"{ground.System.Postgres.ConnectionString};Database=verification");
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var create = new NpgsqlCommand($"create table bench_sheet_{round} (volunteer_id uuid, start timestamp, zone text, minutes integer, project text, task_type text, region text)", connection))
        {
            await create.ExecuteNonQueryAsync(ct);
        }

        var clock = Stopwatch.StartNew();
        await using (var copy = await connection.BeginBinaryImportAsync($"copy bench_sheet_{round} from stdin (format binary)", ct))
        {
            for (var i = 0; i < Rows; i++)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), NpgsqlDbType.Timestamp, ct);
                await copy.WriteAsync("Europe/Moscow", ct);
                await copy.WriteAsync(240, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync("Забота рядом", ct);
                await copy.WriteAsync("D12", ct);
                await copy.WriteAsync("RU-MOW", ct);
            }

            await copy.CompleteAsync(ct);
        }

        return Rows / clock.Elapsed.TotalSeconds;
    }
}
