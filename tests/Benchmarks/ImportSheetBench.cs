using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// An attendance sheet of 100,000 rows at the service, end to end: read, checked, hashed into its tree, stored, signed, and matched against the
/// organisation's open cases, which it confirms by itself, until the last one is confirmed; against a <c>COPY</c> of the same rows into a plain table. And the
/// taking in alone.
/// </summary>
internal static class ImportSheetBench
{
    private const int Rounds = 3;

    private static int Rows => Ground.Times(100_000);

    private static int Cases => Ground.Times(1000);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(104)).WithANameAsync(ct);
        using var volunteer = await Ground.ClientAsync(ground.System.Address("ledger"), person, ct);
        using var service = await Ground.ClientAsync(ground.System.Address("verification"), ground.Coordinator, ct);
        // Verification hears of the organisation a moment later.
        await Eventually.Is(async () => await ground.Coordinator.PutAsync(
            $"confirmation-rules/{ground.Organisation.Id}", new { matching = new { withinMinutes = 0, confirmByItself = true } }, etag: "\"0\"", ct: ct));
        // Three of each, in turn; the first warm up.
        var (whole, import, baseline) = (0.0, 0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            var days = Enumerable.Range(round * Cases, Cases).ToList();
            await OpenCasesAsync(ground, volunteer, days, ct);
            baseline = await CopyAsync(ground, round, ct);
            (import, whole) = await ImportAsync(ground, service, days, (round + 1) * Cases, ct);
        }

        Ground.Report("import-of-100000-attendance-rows", import, baseline, "rows/s");
        Ground.Report("import-of-100000-attendance-rows-until-1000-cases-are-confirmed", whole, baseline, "rows/s", "0.15");
    }

    private static async Task OpenCasesAsync(Ground ground, HttpClient volunteer, List<int> days, CancellationToken ct)
    {
        var last = Guid.Empty;
        await Parallel.ForEachAsync(days, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (day, token) =>
        {
            using var logged = await volunteer.PostAsJsonAsync("/api/v1/entries", LogEntryBench.Payload(ground, day, submit: true), Api.Json, token);
            last = (await logged.Content.ReadFromJsonAsync<EntryReceipt>(Api.Json, token))!.Id;
        });
        await UntilAsync(ground, "select count(*) from case_shifts where volunteer_id = $1", days[^1] + 1, ct);
    }

    private static async Task UntilAsync(Ground ground, string counts, long expected, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=verification");
        while (true)
        {
            await using var command = database.CreateCommand(counts);
            command.Parameters.Add(new() { Value = DemoAccounts.Id(DemoAccounts.Volunteer(104)) });
            if ((long)(await command.ExecuteScalarAsync(ct))! >= expected)
            {
                return;
            }

            await Task.Delay(50, ct);
        }
    }

    private static async Task<(double Import, double Whole)> ImportAsync(Ground ground, HttpClient service, List<int> days, int confirmed, CancellationToken ct)
    {
        var volunteer = DemoAccounts.Id(DemoAccounts.Volunteer(104));
        var text = new StringBuilder("volunteer_id,start,zone,minutes,project,task_type,region\n", Rows * 110);
        for (var i = 0; i < Rows; i++)
        {
            var day = i < days.Count
                ? new DateTime(2015, 3, 1, 10, 0, 0, DateTimeKind.Unspecified).AddDays(days[i])
                : new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified);
            text.Append(i < days.Count ? volunteer : Guid.CreateVersion7())
                .Append(',').Append(day.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture)).Append(",Europe/Moscow,120,Забота рядом,D12,RU-MOW\n");
        }

        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text.ToString()));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        var clock = Stopwatch.StartNew();
        using var answer = await service.PostAsync(new Uri($"/api/v1/sheets?organisationId={ground.Organisation.Id}", UriKind.Relative), content, ct);
        answer.EnsureSuccessStatusCode();
        var import = clock.Elapsed;
        var id = (await answer.Content.ReadFromJsonAsync<Made>(Api.Json, ct))!.Id;
        var statement = await service.GetByteArrayAsync(new Uri($"/api/v1/sheets/{id}/statement", UriKind.Relative), ct);
        await ground.Coordinator.PostAsync($"sheets/{id}/signature", new { signature = ground.Key.Sign(statement) }, etag: "\"1\"", ct: ct);
        await UntilAsync(
            ground,
            "select count(*) from case_shifts shift join mt_doc_case found on found.id = shift.case_id and found.status = 'Confirmed' "
                + "where shift.volunteer_id = $1",
            confirmed, ct);
        return (Rows / import.TotalSeconds, Rows / clock.Elapsed.TotalSeconds);
    }

    private static async Task<double> CopyAsync(Ground ground, int round, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=verification");
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var create = new NpgsqlCommand(
            $"create table bench_sheet_{round} (volunteer_id uuid, start timestamp, zone text, minutes integer, project text, task_type text, region text)",
            connection))
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
