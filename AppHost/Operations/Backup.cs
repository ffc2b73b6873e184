using System.Diagnostics;
using System.Globalization;

namespace VolunteerBook.AppHost.Operations;

/// <summary>
/// All stores of a system on this machine as they were at one moment, while it runs: a base backup of its PostgreSQL, which holds them all. What is in
/// RabbitMQ's queues can be read again from the stores' logs. Beside it lie the keys that it cannot be read without.
/// </summary>
internal static class Backup
{
    private const string Stores = "stores";
    private const string Keys = "keys";
    private const string Fingerprint = "keys.sha256";
    private static readonly string[] Servers = ["postgres", "rabbitmq"];

    /// <summary>Makes one in a folder that is empty or does not exist.</summary>
    /// <exception cref="RefusedException">The folder holds something, or the backup could not be made or is not whole.</exception>
    public static async Task<int> MakeAsync(StateOptions where, string target, CancellationToken cancellationToken)
    {
        target = Path.GetFullPath(target);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new RefusedException($"{target} is not empty. A backup needs a folder of its own.");
        }

        await using var postgres = await where.PostgresAsync(cancellationToken);
        var begun = DateTime.UtcNow;
        Directory.CreateDirectory(target);
        OnlyMine(target);
        var (stores, keys) = (Path.Combine(target, Stores), Path.Combine(target, Keys));
        try
        {
            // With the WAL that was written meanwhile: it is restored as it was at its end, in all databases alike.
            await RunAsync("pg_basebackup", ["-D", stores, "-X", "stream", "-c", "fast", "--no-password"], postgres.Environment, null, cancellationToken);
            await VerifyAsync(stores, cancellationToken);
            Directory.CreateDirectory(keys);
            OnlyMine(keys);
            Secrets.Replace(keys, postgres.Secrets);
            await File.WriteAllTextAsync(Path.Combine(target, Fingerprint), postgres.Secrets.Fingerprint, cancellationToken);
        }
        catch
        {
            // What is no backup must not look like one, nor be in the way of the same command.
            foreach (var part in new[] { stores, keys }.Where(Directory.Exists))
            {
                Directory.Delete(part, recursive: true);
            }

            File.Delete(Path.Combine(target, Fingerprint));
            throw;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"stores  {stores}: they hold everything that was acknowledged before {begun:yyyy-MM-dd HH:mm:ss} UTC"));
        Console.WriteLine($"keys    {keys}: the stores cannot be read without them; keep them somewhere else");
        return 0;
    }

    /// <summary>Makes a state folder of a backup.</summary>
    /// <param name="where">The state folder: one without data and without keys of other data.</param>
    /// <param name="source">The backup.</param>
    /// <param name="keys">The folder of its keys, where they were kept elsewhere.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RefusedException">The folder holds data or keys, the backup is not whole, or the keys are not its.</exception>
    public static async Task<int> RestoreAsync(StateOptions where, string source, string? keys, CancellationToken cancellationToken)
    {
        source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(source));
        keys = keys is null ? Path.Combine(source, Keys) : Path.GetFullPath(keys);
        if (!File.Exists(Path.Combine(keys, "secrets.json")))
        {
            throw new RefusedException($"{Path.Combine(keys, "secrets.json")} is missing. Use --keys to name the folder that holds the backup's keys.");
        }

        var secrets = Secrets.Of(keys);
        if (!File.Exists(Path.Combine(source, Fingerprint))
            || await File.ReadAllTextAsync(Path.Combine(source, Fingerprint), cancellationToken) != secrets.Fingerprint)
        {
            throw new RefusedException($"{keys} does not hold the keys of {source}, and its stores cannot be read with any others.");
        }

        await VerifyAsync(Path.Combine(source, Stores), cancellationToken);
        using var state = await StateFolder.OpenAsync(where.Folder);
        // Broken off after the copy was whole: nobody has worked with it, since nothing starts on it before the end.
        var isCopied = state.BegunRestore == source && state.IsNative;
        // A message in an old queue may tell of what the restored stores do not know.
        if (Servers.Skip(isCopied ? 1 : 0).FirstOrDefault(server => Directory.Exists(state.DataOf(server))
            && Directory.EnumerateFileSystemEntries(state.DataOf(server)).Any()) is { } there)
        {
            throw new RefusedException(
                $"{state.DataOf(there)} holds data; a backup is restored into a folder without any. Move the data away, or name another folder with --data.");
        }

        // Of a container's data, or of data that were moved away: nobody has them a second time.
        if (File.Exists(state.Below("secrets.json")) && state.Secrets.Fingerprint != secrets.Fingerprint)
        {
            throw new RefusedException(
                $"{state.Below("secrets.json")} holds the keys of other data. Move it to where those data are, or name another folder with --data.");
        }

        // With the keys and without the data, the next start would make an empty store under them.
        state.BeginRestore(source);
        Secrets.Replace(state.Path, secrets);
        if (!isCopied)
        {
            var restore = Path.Combine(AsBuilt.Repository, "AppHost", "Servers", "restore.sh");
            await RunAsync(
                restore, [state.Below("postgres"), state.Elsewhere("postgres"), Path.Combine(source, Stores)],
                new Dictionary<string, string> { [StateFolder.Mark] = state.Path }, null, cancellationToken);
        }

        state.EndRestore();
        await using (var postgres = await StatePostgres.StartAsync(state, cancellationToken))
        {
            Console.WriteLine($"{postgres.Folder} is restored. Start it with `up`, wait until all is healthy, and run `audit` with an earlier checkpoint.");
        }

        return 0;
    }

    // Another version's cannot read the write-ahead log.
    private static Task VerifyAsync(string stores, CancellationToken cancellationToken) =>
        RunAsync("pg_verifybackup", ["--quiet", stores], new Dictionary<string, string>(), stores, cancellationToken);

    private static async Task RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? data, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(StatePostgres.Program(program, data), arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (errors, output) = (process.StandardError.ReadToEndAsync(cancellationToken), process.StandardOutput.ReadToEndAsync(cancellationToken));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        await output;
        if (process.ExitCode != 0)
        {
            throw new RefusedException($"{program} failed: {(await errors).Trim()}");
        }
    }

    private static void OnlyMine(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
