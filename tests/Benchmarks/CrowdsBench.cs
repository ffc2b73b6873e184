using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>How long somebody's read takes while another person sends four hundred changes at once, each with a key of its own, in each service; beside the same while nothing happens.</summary>
internal static class CrowdsBench
{
    private const int AtOnce = 400;
    private const int Times = 200;

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
            var quiet = reader.Times(Times, CancellationToken.None);
            using var over = new CancellationTokenSource();
            var times = Task.Factory.StartNew(() => reader.Times(int.MaxValue, over.Token), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number => writer.SendAsync(method, path, body(number), Guid.NewGuid().ToString(), etag, ct)));
            await over.CancelAsync();
            Ground.Report($"read-while-four-hundred-write-{service}", P99(await times), P99(quiet), "ms p99");
            if (replies.FirstOrDefault(reply => reply.Status >= HttpStatusCode.InternalServerError) is { } failed)
            {
                throw new InvalidOperationException($"{service} broke down: {failed.Text} {ground.System.Output(service)}");
            }
        }

        var rules = $"confirmation-rules/{ground.Organisation.Id}";
        await CrowdAsync("profiles", "people/me", busy, HttpMethod.Post, "volunteers", _ => new NewVolunteer(new PersonName("Иванова", "Анна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(null)));
        await CrowdAsync("ledger", "book", busy, HttpMethod.Post, "entries", number => LogEntryBench.Payload(ground, number));
        await CrowdAsync("verification", "reviews/mine", ground.Coordinator, HttpMethod.Put, rules, number => new { decideWithinDays = (number % 20) + 1 }, etag: "\"0\"");
        await CrowdAsync("vacancies", "applications", busy, HttpMethod.Post, $"vacancies/{vacancy.Id}/applications", _ => new NewApplication(null, [vacancy.Shifts[1].Id]));
    }

    private static double P99(List<double> times) => times.Order().ElementAt(times.Count * 99 / 100);

    // On a thread of its own: what it waits for is the system's, not this program's other requests.
    private sealed class Reader(Uri gateway, string token, string path) : IDisposable
    {
        private readonly HttpClient http = new() { BaseAddress = gateway, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

        public List<double> Times(int times, CancellationToken over)
        {
            var taken = new List<double>();
            do
            {
                var begun = Stopwatch.GetTimestamp();
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/v1/{path}"), UriKind.Relative));
                using var response = http.Send(request, CancellationToken.None);
                response.EnsureSuccessStatusCode();
                taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            while (taken.Count < times && !over.IsCancellationRequested);
            return taken;
        }

        public void Dispose() => http.Dispose();
    }
}
