namespace VolunteerBook.ServiceDefaults;

/// <summary>Work that is done again and again beside requests.</summary>
public static class Repeated
{
    /// <summary>
    /// Does it at once, and then each time so much has passed, until cancelled. When it fails that is told, and the next time it is tried again.
    /// </summary>
    /// <exception cref="OperationCanceledException">The only end.</exception>
    public static async Task EveryAsync(
        this TimeProvider clock, TimeSpan pause, Func<CancellationToken, Task> work, Action<Exception> failed, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(pause, clock);
        do
        {
            try
            {
                await work(ct);
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                failed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(ct));
    }
}
