using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// Confirming a case with a signature through the gateway, sixteen at once, against a raw single-row insert of the same payload into the same PostgreSQL.
/// Statements were read and signed before.
/// </summary>
internal static class ConfirmBench
{
    private static int Cases => Ground.Times(1500);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(105)).WithANameAsync(ct);
        using var volunteer = await Ground.ClientAsync(ground.System.Gateway, person, ct);
        using var coordinator = await Ground.ClientAsync(ground.System.Gateway, ground.Coordinator, ct);
        var sixteen = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct };
        var signed = new (Guid Case, Confirmation Body)[2 * Cases];
        await Parallel.ForAsync(0, signed.Length, sixteen, async (index, token) =>
        {
            using var logged = await volunteer.PostAsJsonAsync("/api/v1/entries", LogEntryBench.Payload(ground, index, submit: true), Api.Json, token);
            signed[index].Case = CaseIds.Of((await logged.Content.ReadFromJsonAsync<EntryReceipt>(Api.Json, token))!.Id, 1);
        });
        await ground.Coordinator.CaseAsync(signed[^1].Case, TimeSpan.FromMinutes(2), ct);
        await Parallel.ForAsync(0, signed.Length, sixteen, async (index, token) =>
        {
            await ground.Coordinator.CaseAsync(signed[index].Case, TimeSpan.FromMinutes(2), token);
            signed[index].Body = new Confirmation(
                ground.Key.Sign(await coordinator.GetByteArrayAsync(new Uri($"/api/v1/cases/{signed[index].Case}/statement", UriKind.Relative), token)));
        });

        var raw = await RawInserts.RateAsync(ground, "verification", JsonSerializer.Serialize(signed[0].Body, Api.Json), ct);
        var next = -1;
        var ours = await Ground.RateAsync(Cases, async (_, token) =>
        {
            var (id, body) = signed[Interlocked.Increment(ref next)];
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/cases/{id}/confirmation")
            {
                Content = JsonContent.Create(body, options: Api.Json),
            };
            request.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
            using var response = await coordinator.SendAsync(request, token);
            response.EnsureSuccessStatusCode();
        }, ct);
        Ground.Report("confirm-with-signature-through-the-gateway", ours, raw, "confirmations/s", "ours three times that of 8e246d1");
    }
}
