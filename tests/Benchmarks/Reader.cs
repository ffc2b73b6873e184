using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// Somebody who reads again and again while others do something. On a thread of its own: what it waits for is the system's, not this program's other requests.
/// </summary>
internal sealed class Reader(Uri gateway, string token, string path) : IDisposable
{
    // Below the gateway's 200 a second of one caller.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    private readonly HttpClient http =
        new() { BaseAddress = gateway, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    /// <summary>How long each of so many reads took, in milliseconds, or of as many as there were until it is told to end, and one.</summary>
    public Task<List<double>> TimesAsync(int times, CancellationToken over, Action? after = null) =>
        Task.Factory.StartNew(() => Times(times, after, over), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => http.Dispose();

    private List<double> Times(int times, Action? after, CancellationToken over)
    {
        var taken = new List<double>();
        do
        {
            var begun = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(string.Create(CultureInfo.InvariantCulture, $"/api/v1/{path}"), UriKind.Relative));
            using var response = http.Send(request, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            after?.Invoke();
            Thread.Sleep(Pause);
        }
        while (taken.Count < times && !over.IsCancellationRequested);
        return taken;
    }
}
