using System.Diagnostics;

namespace VolunteerBook.Native;

/// <summary>What to start, as whom, and how to end it.</summary>
public sealed record KeptProcessOptions
{
    /// <summary>The name in messages and in front of output lines.</summary>
    public required string Name { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Variables set for the program, over those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the program starts.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The user to run as; null for the present one. Only root can choose another.</summary>
    public string? User { get; init; }

    /// <summary>The signal that asks the program to end, without SIG.</summary>
    public string StopSignal { get; init; } = "TERM";

    /// <summary>How long the program may take to end when asked to; it is killed after that.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Called for each line the program writes to its output or error stream.</summary>
    public Action<string>? OnLine { get; init; }
}

/// <summary>
/// A program that cannot outlive this process. A small shell, the keeper, stands between the two and reads a pipe from us:
/// when the pipe closes, because we closed it or because we are gone by whatever cause, the keeper ends the program's
/// process group, and whatever the program started that left the group (found by a mark in its environment).
/// </summary>
/// <remarks>
/// PR_SET_PDEATHSIG would not do: it fires when the thread that forked ends, and the runtime's pool threads come and go;
/// it is lost when the user changes; and it does not reach grandchildren.
/// </remarks>
public sealed class KeptProcess : IAsyncDisposable
{
    // A shell's background jobs ignore SIGINT and SIGQUIT, so both are made normal again.
    // A line on standard input is a signal to send; the end of input means: end it. $1 signal to stop with, $2 tenths of a second to wait, $3 the mark.
    private const string Keeper =
        """
        stop=$1 grace=$2 mark=$3
        shift 3
        exec 3<&0 </dev/null
        VOLUNTEERBOOK_KEPT=$mark setsid env --default-signal=INT,QUIT sh -c 'echo "$$"; exec "$@"' sh "$@" 3<&- &
        child=$!
        (
            while read -r signal <&3; do kill -s "$signal" "$child" 2>/dev/null; done
            kill -s "$stop" -- "-$child" 2>/dev/null
            while [ "$grace" -gt 0 ] && kill -0 "$child" 2>/dev/null; do sleep 0.1; grace=$((grace - 1)); done
            kill -s KILL -- "-$child" 2>/dev/null
        ) >/dev/null 2>&1 &
        watcher=$!
        exec 3<&-
        wait "$child"
        code=$?
        kill -s KILL "$watcher" 2>/dev/null
        kill -s KILL -- "-$child" 2>/dev/null
        for left in $(grep -lzs "^VOLUNTEERBOOK_KEPT=$mark\$" /proc/[0-9]*/environ); do
            left=${left#/proc/}
            kill -s KILL "${left%/environ}" 2>/dev/null
        done
        exit "$code"
        """;

    private readonly Process _keeper;
    private readonly KeptProcessOptions _options;
    private readonly LastLines _lastLines = new();
    private readonly TaskCompletionSource<int> _processId = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KeptProcess(KeptProcessOptions options, Process keeper)
    {
        _options = options;
        _keeper = keeper;
        Exited = WaitAsync();
    }

    /// <summary>The name given to it.</summary>
    public string Name => _options.Name;

    /// <summary>The program's own process id (not the keeper's).</summary>
    public int ProcessId => _processId.Task.Result;

    /// <summary>Completes with the exit code when the program has ended and its output is read; 128 and more stand for a signal.</summary>
    public Task<int> Exited { get; }

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => Exited.IsCompleted;

    /// <summary>What the program wrote last.</summary>
    public LastLines LastLines => _lastLines;

    /// <summary>Starts the program and returns once it has a process id.</summary>
    public static async Task<KeptProcess> StartAsync(KeptProcessOptions options, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = options.WorkingDirectory,
        };
        string[] keeper =
        [
            "sh", "-c", Keeper, "keeper", options.StopSignal,
            ((int)(options.StopGrace.TotalSeconds * 10)).ToString(System.Globalization.CultureInfo.InvariantCulture), Guid.NewGuid().ToString("N"),
        ];
        string[] asUser = options.User is { } user ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--"] : [];
        foreach (var argument in keeper.Concat(asUser).Concat(options.Command))
        {
            start.ArgumentList.Add(argument);
        }

        // A keeper of ours below another keeper must outlive the other's sweep: it has its own program to end.
        start.Environment.Remove("VOLUNTEERBOOK_KEPT");
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        var kept = new KeptProcess(options, Process.Start(start) ?? throw new LauncherException($"{options.Name} could not be started."));
        try
        {
            await kept._processId.Task.WaitAsync(cancellationToken);
            return kept;
        }
        catch
        {
            await kept.KillAsync();
            throw;
        }
    }

    /// <summary>Ends the program at once, as kill -9 does, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        await SendAsync("KILL");
        await Exited;
    }

    /// <summary>Sends a signal (a name without SIG) to the program. Nothing happens when it has ended.</summary>
    public async Task SendAsync(string signal)
    {
        if (HasExited)
        {
            return;
        }

        try
        {
            await _keeper.StandardInput.WriteLineAsync(signal);
            await _keeper.StandardInput.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The program has ended by itself and there is nobody to signal; the exit code tells the rest.
            await Exited;
        }
    }

    /// <summary>Asks the program to end, kills it when it takes too long, and waits until it and all it started are gone.</summary>
    public async Task StopAsync()
    {
        await SendAsync(_options.StopSignal);
        if (await Task.WhenAny(Exited, Task.Delay(_options.StopGrace)) != Exited)
        {
            await SendAsync("KILL");
        }

        await Exited;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _keeper.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        var output = ReadOutputAsync();
        var error = ReadAsync(_keeper.StandardError);
        await _keeper.WaitForExitAsync();

        // The end of the streams follows at once, unless somebody the keeper could not end still holds them or the machine is very busy.
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(TimeSpan.FromSeconds(10)));
        _processId.TrySetException(new LauncherException($"{Name} could not be started:{_lastLines}"));
        return _keeper.ExitCode;
    }

    private async Task ReadOutputAsync()
    {
        if (await _keeper.StandardOutput.ReadLineAsync() is { } first)
        {
            _processId.TrySetResult(int.Parse(first, System.Globalization.CultureInfo.InvariantCulture));
        }

        await ReadAsync(_keeper.StandardOutput);
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _lastLines.Add(line);
            _options.OnLine?.Invoke(line);
        }
    }
}
