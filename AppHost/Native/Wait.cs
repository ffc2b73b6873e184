namespace VolunteerBook.Native;

/// <summary>Waits for a process to become ready.</summary>
internal static class Wait
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Polls until the answer is true; a process that ends meanwhile, or a deadline that passes, is an error with its last lines.</summary>
    public static async Task UntilAsync(Func<CancellationToken, Task<bool>> ready, KeptProcess process, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        while (true)
        {
            if (process.HasExited)
            {
                throw new LauncherException($"{process.Name} ended with code {await process.Exited} before it was ready. Its last lines:{process.LastLines}");
            }

            try
            {
                if (await ready(deadline.Token))
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new LauncherException($"{process.Name} was not ready within {within.TotalSeconds:0} s. Its last lines:{process.LastLines}");
            }
        }
    }

    /// <summary>Whether the address answers with success; a refused connection is a no.</summary>
    public static async Task<bool> AnswersAsync(Uri address, string? basicCredentials, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (basicCredentials is not null)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(basicCredentials)));
        }

        try
        {
            using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client's own time limit: not ready yet.
            return false;
        }
    }
}
