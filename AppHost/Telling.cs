using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.AppHost;

/// <summary>
/// Runs the graph and tells the person at the keyboard what they want to know: what is healthy, where it is, who can sign in, what ended that should not have.
/// </summary>
internal sealed partial class Telling(DistributedApplication app, UpOptions options, PortPlan ports, StateFolder state, bool catchesMail)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly IHostApplicationLifetime lifetime = app.Services.GetRequiredService<IHostApplicationLifetime>();
    private readonly IReadOnlyList<string> services =
        [.. app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ProjectResource>().Select(resource => resource.Name)];
    private readonly bool hasDemo = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Any(resource => resource.Name == "demo");
    private readonly Dictionary<string, LogFile> files = [];
    private readonly ConcurrentDictionary<string, string> reasons = new();
    private readonly HashSet<string> healthy = [], ended = [];
    private bool allWere;
    private readonly TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until a signal, or until something ends before all is healthy; the answer is the exit code.</summary>
    public static async Task<int> RunAsync(IDistributedApplicationBuilder builder, UpOptions options, PortPlan ports, StateFolder state, bool catchesMail)
    {
        using var stop = new CancellationTokenSource();
        var isAsked = false;
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            isAsked = true;
            stop.Cancel();
        }

        // A test program's signals are its own.
        var isProgram = Assembly.GetEntryAssembly() == typeof(Telling).Assembly;
        using var interrupt = isProgram ? PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop) : null;
        using var terminate = isProgram ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop) : null;
        using var hangUp = isProgram ? PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop) : null;
        try
        {
            await using var app = builder.Build();
            var telling = new Telling(app, options, ports, state, catchesMail);
            var watching = telling.WatchAsync(stop.Token);
            var running = app.RunAsync(stop.Token);
            var first = await Task.WhenAny(running, watching, telling.failed.Task);
            await stop.CancelAsync();
            await running;
            await first;
        }
        catch (Exception exception)
        {
            // Whoever ends the start of others is told nothing more: what had failed, or the signal, was said.
            if (!isAsked && exception is not OperationCanceledException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
            }
        }
        finally
        {
            await StateFolder.EndWhatRunsAsync(state.Path, TimeSpan.FromSeconds(5));
            state.Dispose();
        }

        return isAsked ? 0 : 1;
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        using var stopped = lifetime.ApplicationStopping.Register(() => Say("stopping"));
        Say($"starting {(options.Only is { } only ? string.Join(", ", only) : "PostgreSQL, RabbitMQ and the services")}");
        _ = RemindAsync(stopping);
        await foreach (var change in app.ResourceNotifications.WatchAsync(stopping))
        {
            if (change.Resource is not (ProjectResource or ExecutableResource or ContainerResource) || change.Snapshot.IsHidden)
            {
                continue;
            }

            var name = change.Resource.Name;
            if (!files.TryGetValue(name, out var file))
            {
                files[name] = file = new LogFile(Path.Combine(state.Logs, name + ".log"));
                _ = FollowAsync(change.ResourceId, file, stopping);
            }

            var at = change.Snapshot.State?.Text;
            reasons[name] = change.Snapshot.HealthReports.Select(report => report.ExceptionText ?? report.Description)
                .FirstOrDefault(reason => reason is not null)?.Split('\n')[0] ?? at ?? "";
            if (at == KnownResourceStates.Running && change.Snapshot.HealthStatus == HealthStatus.Healthy)
            {
                IsHealthy(name);
            }
            else if (at is not null
                && at != KnownResourceStates.NotStarted
                && (KnownResourceStates.TerminalStates.Contains(at) || at == KnownResourceStates.RuntimeUnhealthy)
                && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                await HasEndedAsync(name, change.Snapshot.ExitCode, file);
            }
        }
    }

    // Whoever waits wants to know for what.
    private async Task RemindAsync(CancellationToken stopping)
    {
        while (!allWere)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), stopping);
            foreach (var (name, reason) in reasons.Where(each => !allWere && each.Key != "demo" && !healthy.Contains(each.Key))
                .OrderBy(each => each.Key).ToList())
            {
                Say($"{name} is not healthy yet: {reason}");
            }
        }
    }

    private void IsHealthy(string name)
    {
        ended.Remove(name);
        if (name == "demo" || !healthy.Add(name))
        {
            return;
        }

        Say($"{name} is healthy");
        // Once: what is started again later is only healthy again.
        if (!allWere && (options.Only ?? services).All(healthy.Contains))
        {
            allWere = true;
            Say(string.Create(CultureInfo.InvariantCulture, $"all healthy after {clock.Elapsed.TotalSeconds:0.0} s"));
            Tell();
            if (!hasDemo)
            {
                Say("ready");
            }
        }
    }

    private async Task HasEndedAsync(string name, int? code, LogFile file)
    {
        healthy.Remove(name);
        if (!ended.Add(name))
        {
            return;
        }

        if (name == "demo" && code == 0)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"demo data in place after {clock.Elapsed.TotalSeconds:0.0} s"));
            Say("ready");
            return;
        }

        // The last lines may come after the end.
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        // Who asked for quiet does to a running system what they want.
        if (options.Quiet && allWere)
        {
            return;
        }

        Console.WriteLine(name == "demo"
            ? $"the demo data are incomplete: the program that makes them ended with code {code}. Its last lines:{file.LastLines}{Environment.NewLine}ready"
            : $"{name} ended with code {code} and will not be restarted. Its last lines:{file.LastLines}");
        if (!allWere)
        {
            failed.TrySetResult();
        }
    }

    private void Tell()
    {
        Say($"portal     http://localhost:{ports.Base}/");
        Say($"API        http://localhost:{ports.Base}/api/v1   documentation http://localhost:{ports.Base}/docs");
        Say(options.Dashboard ? $"dashboard  http://127.0.0.1:{ports.Dashboard}/" : "dashboard  not started");
        if (catchesMail)
        {
            Say($"mail       http://127.0.0.1:{ports.Of("mail")}/   no mail server is configured: every mail is caught here and goes nowhere else");
        }

        Say($"RabbitMQ   http://127.0.0.1:{ports.Management}/");
        Say($"PostgreSQL 127.0.0.1:{ports.PostgreSql}");
        Say($"passwords and the dashboard's token are in {state.KeysFile}; the logs of the processes are in {state.Logs}");
        if (options.Demo)
        {
            Say("demo accounts, password Volunteer-Book-1:");
            Say("  anna@demo.volunteerbook.example     volunteer");
            Say("  pavel@demo.volunteerbook.example    coordinator of the first organisation");
            Say("  olga@demo.volunteerbook.example     coordinator of the second organisation");
            Say("  admin@demo.volunteerbook.example    administrator");
            Say("  analyst@demo.volunteerbook.example  analyst");
        }
    }

    private async Task FollowAsync(string resource, LogFile file, CancellationToken stopping)
    {
        try
        {
            await foreach (var lines in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(stopping))
            {
                foreach (var line in lines)
                {
                    file.Write(Colours().Replace(line.Content, ""));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private void Say(string line)
    {
        if (!options.Quiet)
        {
            Console.WriteLine(line);
        }
    }

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colours();

    /// <summary>What a process writes.</summary>
    private sealed class LogFile(string path) : IDisposable
    {
        private readonly StreamWriter file = new(path) { AutoFlush = true };
        private readonly Queue<string> last = new();

        public void Write(string line)
        {
            lock (last)
            {
                file.WriteLine(line);
                last.Enqueue(line);
                if (last.Count > 20)
                {
                    last.Dequeue();
                }
            }
        }

        public void Dispose() => file.Dispose();

        public string LastLines
        {
            get
            {
                lock (last)
                {
                    return string.Concat(last.Select(line => $"{Environment.NewLine}    {line}"));
                }
            }
        }
    }
}
