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
    private Secrets? secrets;

    private StateFolder(string path, FileStream held, bool wasLeft) => (Path, this.held, WasLeft) = (path, held, wasLeft);

    public string Path { get; }

    /// <summary>Whether something of a system that was killed still ran there.</summary>
    public bool WasLeft { get; }

    /// <summary>The secrets of the data: they lie beside them, for whoever can read them only. Made when they are first asked for.</summary>
    public Secrets Secrets => secrets ??= Secrets.Of(Path);

    /// <summary>The folder of what each process writes, a file each.</summary>
    public string Logs => Below("logs");

    /// <summary>The file with the addresses that let their bearer in: only its owner can read it, and nothing repeats it.</summary>
    public string KeysFile => Below("keys.txt");

    /// <summary>Takes the folder, and ends what runs there of a system that was killed.</summary>
    /// <exception cref="RefusedException">Another system runs there.</exception>
    public static async Task<StateFolder> OpenAsync(string path)
    {
        path = Real(path);
        FileStream held;
        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new RefusedException($"The state folder {path} is in use by another `up`. Stop it, or choose another folder with --data.");
        }

        // What watches over a killed system's processes ends them by itself within some seconds, in good order.
        var state = new StateFolder(path, held, WhatRuns(path).Count > 0);
        await EndWhatRunsAsync(path, TimeSpan.FromSeconds(30));
        Directory.CreateDirectory(state.Logs);
        OnlyMine(state.Logs, UnixFileMode.UserExecute);
        return state;
    }

    /// <summary>One path for one folder, however it is written: by its path it is known.</summary>
    public static string Real(string path)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return Directory.CreateDirectory(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    /// <summary>Deletes what is ours in it, the secrets last: without them the data would be unreadable.</summary>
    public void Empty()
    {
        // Only what is ours: the folder was named by a person, and may hold more.
        string[] folders = [Below("postgres"), Elsewhere("postgres"), Below("rabbitmq"), Elsewhere("rabbitmq")];
        foreach (var folder in folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Delete(Logs, recursive: true);
        Directory.CreateDirectory(Logs);
        OnlyMine(Logs, UnixFileMode.UserExecute);
        File.Delete(Below("secrets.json"));
        secrets = null;
        // As long as the secrets are there, a start without their data is refused.
        File.Delete(Note);
        EndRestore();
    }

    /// <summary>Whether it holds the data of a PostgreSQL that was a program of this machine.</summary>
    public bool IsNative => File.Exists(System.IO.Path.Combine(DataOf("postgres"), "PG_VERSION"));

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
    public string DataOf(string server) => DataOf(Path, server);

    /// <summary>The same for a folder that is not taken.</summary>
    public static string DataOf(string path, string server)
    {
        var (elsewhere, below) = (Elsewhere(path, server), System.IO.Path.Combine(path, server));
        return Holds(elsewhere) && !Holds(below) ? elsewhere : below;
    }

    private static bool Holds(string folder) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();

    /// <summary>Where they are kept then.</summary>
    public string Elsewhere(string server) => Elsewhere(Path, server);

    private static string Elsewhere(string path, string server) =>
        System.IO.Path.Combine("/var/lib/volunteerbook", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12], server);

    // Where PostgreSQL's data are, and the folder's path then; a container's volume behind this word.
    private string Note => Below("postgres.at");
    private const string Volume = "volume ";

    /// <summary>Notes where PostgreSQL has its data, once it is ready there.</summary>
    /// <param name="volume">A container's volume; null where it is a program.</param>
    public void NoteData(string? volume)
    {
        string[] lines = [volume is null ? DataOf("postgres") : Volume + volume, Path];
        if (!File.Exists(Note) || !File.ReadAllLines(Note).SequenceEqual(lines))
        {
            File.WriteAllLines(Note + ".new", lines);
            File.Move(Note + ".new", Note, overwrite: true);
        }
    }

    /// <summary>Sees that a start finds the data where they were noted: elsewhere it would make an empty store under the same keys.</summary>
    /// <param name="volume">The volume that a container would have; null where it is a program.</param>
    /// <exception cref="RefusedException">They are elsewhere, or gone; the message says where they were.</exception>
    public void SeeThatDataAreThere(string? volume)
    {
        if (!File.Exists(Note) || File.ReadAllLines(Note) is not [var place, var path, ..])
        {
            return;
        }

        const string Or = "or start with an empty store: `up --fresh`.";
        if (place.StartsWith(Volume, StringComparison.Ordinal) && volume is null)
        {
            throw new RefusedException($"The data of {Path} are in the container {place}: start the container engine and leave out --native, {Or}");
        }

        if (volume is null ? IsNative : place == Volume + volume)
        {
            return;
        }

        var isOutside = !place.StartsWith(path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);
        throw new RefusedException(path != Path && isOutside
            ? $"The data of {Path} are in {place}, which belongs to its earlier path: move the folder back to {path}, {Or}"
            : $"The data of {Path} are not in {place} any more: put them back there, {Or}");
    }

    private string Restoring => Below("restoring");

    /// <summary>The backup of which the folder is being made, or was when that was broken off; null otherwise.</summary>
    public string? BegunRestore => File.Exists(Restoring) ? File.ReadAllText(Restoring).Trim() : null;

    /// <summary>Notes that the folder is being made of a backup, and is none yet.</summary>
    public void BeginRestore(string backup) => File.WriteAllText(Restoring, backup);

    /// <summary>It is one.</summary>
    public void EndRestore() => File.Delete(Restoring);

    /// <summary>Sees that the folder is not half of a backup.</summary>
    /// <exception cref="RefusedException">It is; the message says how to finish.</exception>
    public void SeeThatNoRestoreIsLeft()
    {
        if (BegunRestore is { } backup)
        {
            throw new RefusedException(
                $"The restore of {backup} to {Path} was broken off: run the same `./volunteerbook ops restore` again, "
                    + "or start with an empty store: `up --fresh`.");
        }
    }

    /// <summary>Writes the addresses with what they ask for.</summary>
    public void WriteKeys(IEnumerable<string> lines)
    {
        File.Delete(KeysFile);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(KeysFile, options);
        foreach (var line in lines)
        {
            file.WriteLine(line);
        }
    }

    public void Dispose() => held.Dispose();

    private static void OnlyMine(string path, UnixFileMode more)
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
}
