using System.Diagnostics;
using System.Text.Json;

namespace VolunteerBook.Demo;

/// <summary>Waiting for what happens by itself, in other services.</summary>
public static class Wait
{
    /// <summary>How long is waited where nobody says.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Asks again and again until the answer is as wanted, and gives that answer. Throws <see cref="TimeoutException"/> with the last answer when the
    /// deadline passes; what <paramref name="ask"/> throws is not waited out.
    /// </summary>
    /// <param name="what">What is waited for, for the message: "the case is open".</param>
    /// <param name="ask">Asks once.</param>
    /// <param name="wanted">Whether the answer is as wanted.</param>
    /// <param name="deadline">How long to wait; <see cref="Usual"/> where null.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<T> UntilAsync<T>(
        string what, Func<CancellationToken, Task<T>> ask, Func<T, bool> wanted, TimeSpan? deadline = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(wanted);
        var clock = Stopwatch.StartNew();
        var pause = TimeSpan.FromMilliseconds(10);
        while (true)
        {
            var answer = await ask(ct);
            if (wanted(answer))
            {
                return answer;
            }

            if (clock.Elapsed > (deadline ?? Usual))
            {
                var last = JsonSerializer.Serialize(answer, Api.Json);
                throw new TimeoutException(
                    $"Gave up after waiting {clock.Elapsed.TotalSeconds:0} s until {what}; the last answer was {last[..Math.Min(last.Length, 500)]}");
            }

            await Task.Delay(pause, ct);
            pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 1.5, 250));
        }
    }
}
