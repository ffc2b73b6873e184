using System.Net;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// How long somebody's read takes while another person sends four hundred changes at once, each with a key of its own, in each
/// service; beside the same while nothing happens.
/// </summary>
internal static class CrowdsBench
{
    private const int AtOnce = 400;
    // Quiet and crowds in turns, so that whatever else the machine does meets both; a long crowd has many reads in one turn.
    private const int Reads = 800;
    private const int ReadsInTurn = 100;

    public static async Task RunAsync(Ground unlimited, CancellationToken ct)
    {
        _ = unlimited;
        await using var ground = await Ground.StartAsync(ct, limited: true);
        var busy = await ground.Nobody.Person(DemoAccounts.Volunteer(105)).WithANameAsync(ct);
        var bystander = await ground.Nobody.Person(DemoAccounts.Volunteer(106)).WithANameAsync(ct);
        var token = (await bystander.TokenAsync(ct))!;
        var vacancy = await RacesBench.VacancyAsync(ground, ct);

        async Task CrowdAsync(string service, string read, Api writer, HttpMethod method, string path, Func<int, object> body, string? etag = null)
        {
            using var reader = new Reader(ground.System.Gateway, token, read);
            await reader.TimesAsync(ReadsInTurn, CancellationToken.None);
            var (quiet, meanwhile) = (new List<double>(), new List<double>());
            while (meanwhile.Count < Reads)
            {
                await Ground.QuietAsync(ct);
                quiet.AddRange(await reader.TimesAsync(quiet.Count == 0 ? Reads : ReadsInTurn, CancellationToken.None));
                using var over = new CancellationTokenSource();
                var times = reader.TimesAsync(int.MaxValue, over.Token);
                var replies = await Task.WhenAll(
                    Enumerable.Range(0, AtOnce).Select(number => writer.SendAsync(method, path, body(number), Guid.NewGuid().ToString(), etag, ct)));
                await over.CancelAsync();
                meanwhile.AddRange(await times);
                if (replies.FirstOrDefault(reply => reply.Status >= HttpStatusCode.InternalServerError) is { } failed)
                {
                    throw new InvalidOperationException($"{service} broke down: {failed.Text} {await ground.System.OutputAsync(service)}");
                }
            }

            Ground.ReportTimes($"read-while-four-hundred-write-{service}", meanwhile, quiet);
        }

        var rules = $"confirmation-rules/{ground.Organisation.Id}";
        await CrowdAsync(
            "profiles", "people/me", busy, HttpMethod.Post, "volunteers",
            _ => new NewVolunteer(new PersonName("Иванова", "Анна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(null)));
        await CrowdAsync("ledger", "book", busy, HttpMethod.Post, "entries", number => LogEntryBench.Payload(ground, number));
        await CrowdAsync(
            "verification", "reviews/mine", ground.Coordinator, HttpMethod.Put, rules, number => new { decideWithinDays = (number % 20) + 1 }, etag: "\"0\"");
        await CrowdAsync(
            "vacancies", "applications", busy, HttpMethod.Post, $"vacancies/{vacancy.Id}/applications", _ => new NewApplication(null, [vacancy.Shifts[1].Id]));
    }
}
