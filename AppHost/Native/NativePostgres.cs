using System.Diagnostics;
using System.Globalization;

namespace VolunteerBook.Native;

/// <summary>Where PostgreSQL keeps its data and on which port of loopback it listens.</summary>
public sealed record NativePostgresOptions
{
    /// <summary>The folder of the data; created when absent.</summary>
    public required string Folder { get; init; }

    /// <summary>The port on 127.0.0.1.</summary>
    public required int Port { get; init; }

    /// <summary>The password of user postgres. It is set when the data folder is created and must be the same ever after.</summary>
    public required string Password { get; init; }

    /// <summary>Called for each line of the server's log.</summary>
    public Action<string>? OnLine { get; init; }
}

/// <summary>
/// A PostgreSQL server of our own on loopback, from Debian's or Ubuntu's binaries. It keeps every promise of durability
/// (fsync and synchronous commit stay on), never outlives this process, and its data survive a restart.
/// </summary>
public sealed class NativePostgres : IAsyncDisposable
{
    private readonly NativePostgresOptions _options;
    private readonly string _folder;
    private readonly string? _user;

    private NativePostgres(NativePostgresOptions options, string folder, string? user)
    {
        _options = options;
        _folder = folder;
        _user = user;
    }

    /// <summary>The running server.</summary>
    public KeptProcess Process { get; private set; } = null!;

    /// <summary>The folder the data are really in.</summary>
    public string Folder => _folder;

    /// <summary>Where it listens.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_options.Port}");

    /// <summary>A connection string of Npgsql without a database, as the superuser.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_options.Port};Username=postgres;Password={_options.Password}");

    /// <summary>A connection string of a database under the role that owns it.</summary>
    public string ConnectionStringOf(string database, string password) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_options.Port};Username={database};Password={password};Database={database}");

    /// <summary>Creates the data folder when there is none, starts the server and waits until it takes connections.</summary>
    public static async Task<NativePostgres> StartAsync(NativePostgresOptions options, CancellationToken cancellationToken = default)
    {
        var user = NativeFolder.UserFor("postgres");
        var folder = await NativeFolder.PrepareAsync(options.Folder, user);
        var postgres = new NativePostgres(options, folder, user);
        if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
        {
            await postgres.InitialiseAsync(cancellationToken);
        }

        try
        {
            await postgres.StartAsync(cancellationToken);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server again after it was killed or stopped.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        // The server says when it takes connections; asking it before would fill its log with refusals.
        var ready = false;
        void Read(string line)
        {
            if (line.Contains("database system is ready to accept connections", StringComparison.Ordinal))
            {
                Volatile.Write(ref ready, true);
            }

            _options.OnLine?.Invoke(line);
        }

        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        while (true)
        {
            Process = await LaunchAsync(Read, cancellationToken);
            try
            {
                await Wait.UntilAsync(_ => Task.FromResult(Volatile.Read(ref ready)), Process, TimeSpan.FromSeconds(120), cancellationToken);
                return;
            }
            catch (LauncherException) when (DateTime.UtcNow < deadline && Process.HasExited
                && Process.LastLines.ToString().Contains("pre-existing shared memory block", StringComparison.Ordinal))
            {
                // After a kill -9 the server's children still notice; a moment later the block is free.
                await Process.DisposeAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    /// <summary>
    /// Creates the databases that do not exist yet, each owned by a role of its own that is no superuser and enters no other; what stood in them before there were such roles is handed over.
    /// </summary>
    /// <param name="databases">Names, which are the roles' as well (plain identifiers), and the roles' passwords (letters and digits).</param>
    public async Task CreateDatabasesAsync(IReadOnlyDictionary<string, string> databases, CancellationToken cancellationToken = default)
    {
        // \gexec runs each row of the answer as a statement: create database cannot be conditional or in a transaction.
        var script = string.Concat(databases.Select(each =>
            $"""
            select 'create role {each.Key}' where not exists (select from pg_roles where rolname = '{each.Key}')
            \gexec
            alter role {each.Key} with login nosuperuser nocreatedb nocreaterole noreplication password '{each.Value}';
            select 'create database {each.Key} owner {each.Key}' where not exists (select from pg_database where datname = '{each.Key}')
            \gexec
            alter database {each.Key} owner to {each.Key};
            revoke all on database {each.Key} from public;
            \connect {each.Key}
            alter schema public owner to {each.Key};
            select format('alter %s %s owner to {each.Key}', kind, name) from (
                select 'schema', nspname::regnamespace::text, nspowner, oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
                union all select case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end, oid::regclass::text, relowner, oid from pg_class
                    where relkind in ('r', 'p', 'S', 'v', 'm') and relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
                union all select 'routine', oid::regprocedure::text, proowner, oid from pg_proc where pronamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
            ) as old (kind, name, owner, oid)
            where owner = 'postgres'::regrole and not exists (select from pg_depend where objid = old.oid and deptype in ('a', 'i', 'e'))
            \gexec

            """));
        var (code, output) = await RunAsync(
            "psql",
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", _options.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-d", "postgres"],
            script,
            cancellationToken);
        if (code != 0)
        {
            throw new LauncherException($"The databases could not be created: {output.Trim()} (a state folder made with another password? `--fresh` starts empty)");
        }
    }

    /// <summary>Stops the server; clients are disconnected, the data are written.</summary>
    public Task StopAsync() => Process.StopAsync();

    /// <summary>Ends the server and all its processes at once without writing anything more; the next start recovers from the log.</summary>
    public async Task AbortAsync()
    {
        await Process.SendAsync("QUIT");
        await Process.Exited;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }
    }

    private Task<KeptProcess> LaunchAsync(Action<string> onLine, CancellationToken cancellationToken) =>
        KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "postgres",
                // No Unix socket: its usual folder belongs to the system's own server. On a disk without heads a page out of turn costs hardly more: with the default of four,
                // PostgreSQL reads a small log whole where the daemon asks for its end.
                Command =
                [
                    Binary("postgres"), "-D", _folder, "-p", _options.Port.ToString(CultureInfo.InvariantCulture),
                    "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=500",
                    "-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB", "-c", "checkpoint_timeout=15min", "-c", "jit=off", "-c", "random_page_cost=1.1",
                    "-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "log_checkpoints=off", "-c", "lc_messages=C",
                ],
                WorkingDirectory = _folder,
                User = _user,
                // A fast shutdown: clients are disconnected, the data are written.
                StopSignal = "INT",
                StopGrace = TimeSpan.FromSeconds(30),
                OnLine = onLine,
            },
            cancellationToken);

    private async Task InitialiseAsync(CancellationToken cancellationToken)
    {
        // The password goes through a file that only its reader can read, not through a command line that everyone can.
        var passwordFile = _folder + ".password";
        await using (var file = new FileStream(passwordFile, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(_options.Password + "\n"), cancellationToken);
        }

        await NativeFolder.GiveAsync(passwordFile, _user);
        try
        {
            // Made beside and moved: an interrupted initdb must not leave what looks like a whole data folder.
            var unfinished = _folder + ".new";
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            await NativeFolder.PrepareAsync(unfinished, _user);
            await using var process = await KeptProcess.StartAsync(
                new KeptProcessOptions
                {
                    Name = "initdb",
                    Command =
                    [
                        Binary("initdb"), "-D", unfinished, "-U", "postgres", "--pwfile", passwordFile, "--auth=scram-sha-256",
                        "--encoding=UTF8", "--locale=C.UTF-8",
                    ],
                    WorkingDirectory = unfinished,
                    User = _user,
                },
                cancellationToken);
            if (await process.Exited.WaitAsync(cancellationToken) != 0)
            {
                throw new LauncherException($"PostgreSQL's data folder {_folder} could not be made:{process.LastLines}");
            }

            Directory.Delete(_folder);
            Directory.Move(unfinished, _folder);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private async Task<(int Code, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Binary(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["PGPASSWORD"] = _options.Password;
        using var process = System.Diagnostics.Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }

    // Debian keeps the server's programs, by version, out of the path.
    private static string Binary(string name)
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var folders = versions
            .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(path => Path.Combine(path, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.Where(folder => File.Exists(Path.Combine(folder, "postgres"))).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new LauncherException($"PostgreSQL's program {name} is missing. On Debian or Ubuntu: apt-get install -y postgresql");
    }
}
