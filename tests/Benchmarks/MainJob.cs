using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// The main job, driven the same way at ours and at the peer: entries are logged and submitted until their cases are open, cases are confirmed until the
/// statistics show it.
/// </summary>
internal sealed class MainJob : IAsyncDisposable
{
    private const int People = 12;
    // A shift of its own for each entry of a volunteer: from March 2015 on, and over.
    private const int Days = 4000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Ground ground;
    private readonly Guid[] ids;
    private readonly HttpClient[] volunteers;
    private readonly HttpClient coordinator;
    private readonly NpgsqlDataSource verification;
    private readonly string countsCases;
    private int logged = -1;

    private MainJob(Ground ground, Guid[] ids, HttpClient[] volunteers, HttpClient coordinator, NpgsqlDataSource verification, string countsCases) =>
        (this.ground, this.ids, this.volunteers, this.coordinator, this.verification, this.countsCases) =
            (ground, ids, volunteers, coordinator, verification, countsCases);

    /// <summary>At ours.</summary>
    /// <param name="ground">The system.</param>
    /// <param name="first">The first of the demo volunteers whose entries they are; twelve are needed that no other benchmark uses.</param>
    /// <param name="ct">Ends it.</param>
    public static Task<MainJob> AtOursAsync(Ground ground, int first, CancellationToken ct) => OfAsync(
        ground, ground.System.Gateway, first, NpgsqlDataSource.Create($"{ground.System.Postgres};Database=verification"),
        "select count(*) from case_shifts where volunteer_id = any($1)", ct);

    /// <summary>At the peer.</summary>
    public static Task<MainJob> AtAsync(Beside peer, Ground ground, int first, CancellationToken ct) =>
        OfAsync(ground, peer.Gateway, first, peer.Open("verification"), """select count(*) from "Cases" where "VolunteerId" = any($1)""", ct);

    /// <summary>Logs and submits so many, sixteen at once, and waits until all their cases are open.</summary>
    /// <returns>How many a second, and the cases.</returns>
    public async Task<(double Rate, IReadOnlyCollection<Guid> Cases)> SubmitAsync(int times, CancellationToken ct)
    {
        var before = await CasesAsync(ct);
        var cases = new ConcurrentBag<Guid>();
        var clock = Stopwatch.StartNew();
        await Ground.BurstAsync(times, async (_, token) => cases.Add(await SubmitOneAsync(token)), ct);
        await UntilAsync(async () => await CasesAsync(ct) >= before + times, ct);
        return (times / clock.Elapsed.TotalSeconds, cases);
    }

    /// <summary>Logs and submits one.</summary>
    /// <returns>Its case, which will open.</returns>
    public async Task<Guid> SubmitOneAsync(CancellationToken ct)
    {
        var number = Interlocked.Increment(ref logged);
        var entry = LogEntryBench.Payload(ground, number / People % Days, submit: true);
        using var answer = await volunteers[number % People].PostAsJsonAsync("/api/v1/entries", entry, Api.Json, ct);
        answer.EnsureSuccessStatusCode();
        return CaseIds.Of((await answer.Content.ReadFromJsonAsync<EntryReceipt>(Api.Json, ct))!.Id, 1);
    }

    /// <summary>Reads the statements of cases and signs them.</summary>
    public async Task<List<(Guid Case, Confirmation Body)>> SignAsync(IReadOnlyCollection<Guid> cases, CancellationToken ct)
    {
        var signed = new ConcurrentBag<(Guid, Confirmation)>();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct }, async (id, token) =>
        {
            var statement = await coordinator.GetByteArrayAsync(new Uri($"/api/v1/cases/{id}/statement", UriKind.Relative), token);
            signed.Add((id, new Confirmation(ground.Key.Sign(statement))));
        });
        return [.. signed];
    }

    /// <summary>Confirms, sixteen at once, and waits until the statistics show it.</summary>
    /// <returns>How many a second were answered, and how many shown.</returns>
    public async Task<(double Answered, double Shown)> ConfirmAsync(List<(Guid Case, Confirmation Body)> signed, CancellationToken ct)
    {
        var before = await CountedAsync(ct);
        var clock = Stopwatch.StartNew();
        var answered = await Ground.BurstAsync(signed.Count, async (index, token) => await ConfirmOneAsync(signed[index], token), ct);
        await UntilAsync(async () => await CountedAsync(ct) >= before + signed.Count, ct);
        return (answered, signed.Count / clock.Elapsed.TotalSeconds);
    }

    /// <summary>Confirms one.</summary>
    public async Task ConfirmOneAsync((Guid Case, Confirmation Body) signed, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/cases/{signed.Case}/confirmation");
        request.Content = JsonContent.Create(signed.Body, options: Api.Json);
        request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        using var answer = await coordinator.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How many entries the statistics count for the organisation.</summary>
    public async Task<long> CountedAsync(CancellationToken ct) =>
        (await coordinator.GetFromJsonAsync<Statistics>($"/api/v1/statistics?organisationId={ground.Organisation.Id}", Api.Json, ct))!.Entries;

    /// <summary>How many cases of these volunteers there are.</summary>
    public async Task<long> CasesAsync(CancellationToken ct)
    {
        await using var command = verification.CreateCommand(countsCases);
        command.Parameters.Add(new() { Value = ids });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Waits for what is about to be.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo(); await Task.Delay(Look, ct))
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException("What was acknowledged did not show within three minutes.");
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        coordinator.Dispose();
        Array.ForEach(volunteers, each => each.Dispose());
        return verification.DisposeAsync();
    }

    private static async Task<MainJob> OfAsync(Ground ground, Uri gateway, int first, NpgsqlDataSource verification, string countsCases, CancellationToken ct)
    {
        var names = Enumerable.Range(first, People).Select(DemoAccounts.Volunteer).ToArray();
        var volunteers = new HttpClient[People];
        for (var person = 0; person < People; person++)
        {
            volunteers[person] = await Ground.ClientAsync(gateway, await ground.Nobody.Person(names[person]).WithANameAsync(ct), ct);
        }

        var coordinator = await Ground.ClientAsync(gateway, ground.Coordinator, ct);
        return new(ground, [.. names.Select(DemoAccounts.Id)], volunteers, coordinator, verification, countsCases);
    }
}
