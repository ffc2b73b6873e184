using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.AppHost;

/// <summary>Where a system keeps its data, secrets and logs. One runs there at a time; what a killed one left running is ended by the next.</summary>
public sealed class StateFolder : IDisposable
{
    /// <summary>The variable by which the processes of a state folder are known; its value is the folder's path.</summary>
    public const string Mark = "VOLUNTEERBOOK_STATE";

    private readonly FileStream held;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
        Secrets = Secrets.Of(path);
    }

    public string Path { get; }

    /// <summary>The secrets of the data: they lie beside them, for whoever can read them only.</summary>
    public Secrets Secrets { get; }

    /// <summary>The folder of what each process writes, a file each.</summary>
    public string Logs => Below("logs");

    /// <summary>The file with the addresses that let their bearer in: only its owner can read it, and nothing repeats it.</summary>
    public string KeysFile => Below("keys.txt");

    /// <summary>Takes the folder, and ends what runs there of a system that was killed.</summary>
    /// <exception cref="RefusedException">Another system runs there.</exception>
    public static async Task<StateFolder> OpenAsync(string path, bool fresh)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(path);
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RefusedException($"The state folder {path} is in use by another `up`. End it, or choose another folder with --data.");
        }

        // What watches over a killed system's processes ends them by itself within some seconds, in good order.
        await EndWhatRunsAsync(path, TimeSpan.FromSeconds(30));
        if (fresh)
        {
            Empty(path);
        }

        var state = new StateFolder(path, held);
        Directory.CreateDirectory(state.Logs);
        OnlyMine(state.Logs, UnixFileMode.UserExecute);
        return state;
    }

    /// <summary>Waits for the folder's processes to end by themselves, and kills those that have not.</summary>
    public static async Task EndWhatRunsAsync(string path, TimeSpan within)
    {
        for (var clock = Stopwatch.StartNew(); WhatRuns(path) is { Count: > 0 } running; await Task.Delay(100))
        {
            if (clock.Elapsed < within)
            {
                continue;
            }

            foreach (var process in running)
            {
                try
                {
                    using var one = Process.GetProcessById(process);
                    one.Kill();
                }
                catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
                {
                    // It has ended meanwhile.
                }
            }
        }
    }

    /// <summary>A file below the folder.</summary>
    public string Below(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Where a server's data are: where its user cannot enter the folder, Servers/server.sh keeps them elsewhere.</summary>
    public string DataOf(string server) => Elsewhere(Path, server) is var elsewhere && Directory.Exists(elsewhere) ? elsewhere : Below(server);

    /// <summary>Writes the addresses with what they ask for.</summary>
    public void WriteKeys(IEnumerable<string> lines)
    {
        File.Delete(KeysFile);
        using var file = new StreamWriter(KeysFile, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
        OnlyMine(KeysFile);
        foreach (var line in lines)
        {
            file.WriteLine(line);
        }
    }

    public void Dispose() => held.Dispose();

    private static void OnlyMine(string path, UnixFileMode more = UnixFileMode.None)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        }
    }

    /// <summary>The processes of the folder that run. What cannot be read is another user's.</summary>
    public static IReadOnlyList<int> WhatRuns(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        var mark = Encoding.UTF8.GetBytes($"{Mark}={path}\0");
        var running = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process)
                    && process != Environment.ProcessId
                    && File.ReadAllBytes($"{folder}/environ").AsSpan().IndexOf(mark) >= 0)
                {
                    running.Add(process);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It has ended meanwhile, or is not ours.
            }
        }

        return running;
    }

    private static string Elsewhere(string path, string server) =>
        System.IO.Path.Combine("/var/lib/volunteerbook", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12], server);

    // Only what is ours: the folder was named by a person, and may hold more.
    private static void Empty(string path)
    {
        foreach (var name in new[] { "postgres", "rabbitmq" })
        {
            foreach (var folder in new[] { System.IO.Path.Combine(path, name), Elsewhere(path, name) }.Where(Directory.Exists))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        File.Delete(System.IO.Path.Combine(path, "secrets.json"));
        if (Directory.Exists(System.IO.Path.Combine(path, "logs")))
        {
            Directory.Delete(System.IO.Path.Combine(path, "logs"), recursive: true);
        }
    }
}
