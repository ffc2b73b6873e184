using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.AppHost;

/// <summary>Runs the graph and tells the person at the keyboard what they want to know: what is healthy, where it is, who can sign in, what ended that should not have.</summary>
internal sealed partial class Telling(DistributedApplication app, UpOptions options, PortPlan ports, StateFolder state)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, LogFile> files = new();
    private readonly HashSet<string> told = [];
    private readonly TaskCompletionSource<string?> over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until a signal, or until something fails before all is healthy; the answer is the exit code.</summary>
    public static async Task<int> RunAsync(IDistributedApplicationBuilder builder, UpOptions options, PortPlan ports, StateFolder state)
    {
        var failed = false;
        try
        {
            await using var app = builder.Build();
            var telling = new Telling(app, options, ports, state);
            using var stop = new CancellationTokenSource();
            var watching = telling.WatchAsync(stop.Token);
            var running = app.RunAsync(stop.Token);
            if (await Task.WhenAny(running, telling.over.Task) == telling.over.Task)
            {
                failed = true;
                await stop.CancelAsync();
            }

            await running;
            await stop.CancelAsync();
            await ((Task)watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            // Ended while it was starting.
        }
        finally
        {
            await StateFolder.EndWhatRunsAsync(state.Path, TimeSpan.FromSeconds(5));
            state.Dispose();
        }

        return failed ? 1 : 0;
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        var lifetime = app.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>();
        await using var stopped = lifetime.ApplicationStopping.Register(() => Say("stopping"));
        Say($"starting {(options.Only is { } only ? string.Join(", ", only) : "PostgreSQL, RabbitMQ and the services")}");
        var waiting = app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .Where(resource => resource is ProjectResource { Name: not "demo" } && (options.Only?.Contains(resource.Name) ?? true)).Select(resource => resource.Name).ToHashSet();
        var ready = false;
        await foreach (var change in app.ResourceNotifications.WatchAsync(stopping))
        {
            var (name, snapshot) = (change.Resource.Name, change.Snapshot);
            if (change.Resource is ProjectResource or ExecutableResource or ContainerResource && !snapshot.IsHidden && !files.ContainsKey(name))
            {
                files[name] = new LogFile(Path.Combine(state.Logs, name + ".log"));
                _ = FollowAsync(change.ResourceId, files[name], stopping);
            }

            if (snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy && snapshot.State?.Text == KnownResourceStates.Running && files.ContainsKey(name))
            {
                if (told.Add(name) && name != "demo")
                {
                    Say($"{name} is healthy");
                }

                if (waiting.Remove(name) && waiting.Count == 0)
                {
                    Say(string.Create(CultureInfo.InvariantCulture, $"all healthy after {clock.Elapsed.TotalSeconds:0.0} s"));
                    Tell();
                    ready = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.All(resource => resource.Name != "demo");
                    if (ready)
                    {
                        Say("ready");
                    }
                }
            }
            else if (!lifetime.ApplicationStopping.IsCancellationRequested && files.TryGetValue(name, out var file)
                && (snapshot.State?.Text is { } ended && KnownResourceStates.TerminalStates.Contains(ended)) && ended != KnownResourceStates.NotStarted)
            {
                var code = snapshot.ExitCode;
                if (name == "demo")
                {
                    if (told.Add("demo is over"))
                    {
                        Say(code == 0 ? string.Create(CultureInfo.InvariantCulture, $"demo data in place after {clock.Elapsed.TotalSeconds:0.0} s") : $"the demo data are not complete: making them ended with code {code}. Its last lines:{file.LastLines}");
                        Say("ready");
                    }

                    continue;
                }

                // The last lines may come after the end.
                await Task.Delay(500, CancellationToken.None);
                if (told.Remove(name) || waiting.Contains(name) || change.Resource is not ProjectResource)
                {
                    Console.WriteLine($"{name} ended with code {code} and is not started again. Its last lines:{file.LastLines}");
                }

                if (waiting.Count > 0 && (waiting.Contains(name) || change.Resource is not ProjectResource))
                {
                    over.TrySetResult(name);
                }
            }
        }
    }

    private void Tell()
    {
        Say($"portal     http://localhost:{ports.Base}/");
        Say($"API        http://localhost:{ports.Base}/api/v1   documentation http://localhost:{ports.Base}/docs");
        Say(options.Dashboard ? $"dashboard  http://127.0.0.1:{ports.Dashboard}/" : "dashboard  not asked for");
        Say($"RabbitMQ   http://127.0.0.1:{ports.Management}/");
        Say($"PostgreSQL 127.0.0.1:{ports.PostgreSql}");
        Say($"the addresses with their passwords, and the dashboard's with its token, are in {state.KeysFile}; what each process writes, in {state.Logs}");
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
