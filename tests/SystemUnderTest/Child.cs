using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace VolunteerBook.SystemUnderTest;

/// <summary>A program as a person starts it: with its output, its signals and its end.</summary>
public sealed class Child : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private Child(Process process) => this.process = process;

    /// <summary>What it has written, on both streams.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    /// <summary>What it wrote last, for a message.</summary>
    public string LastLines => string.Join(Environment.NewLine, lines.TakeLast(60));

    public bool HasExited => process.HasExited;

    public int ProcessId => process.Id;

    /// <summary>Starts it.</summary>
    public static Child Start(IReadOnlyDictionary<string, string> environment, string program, params IEnumerable<string> arguments)
    {
        // A background job's child ignores SIGINT, and one under nohup SIGHUP; a person's does not.
        var start = new ProcessStartInfo("env", ["--default-signal=HUP,INT,QUIT", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new Child(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, line) => child.Heard(line.Data);
        child.process.ErrorDataReceived += (_, line) => child.Heard(line.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Sends a signal (a name without SIG).</summary>
    public async Task SendAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end; the answer is its exit code.</summary>
    public async Task<int> EndAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).WaitAsync(within, cancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await SendAsync("TERM");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
