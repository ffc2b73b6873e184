namespace VolunteerBook.AppHost.Operations;

/// <summary>Other keys in the place of those that a system on this machine has, while it is stopped. Its next start takes them up.</summary>
public static class Rotate
{
    /// <summary>
    /// The secrets by which portal, services, analysts, organisations and agencies sign in, and those that are made of them: the passwords
    /// of the services' roles in PostgreSQL, and what the dashboard asks for. Identity keeps a secret's hash, PostgreSQL a password's; both
    /// are told the new ones at the next start.
    /// </summary>
    /// <exception cref="RefusedException">The system runs.</exception>
    internal static async Task<int> ClientsAsync(StateOptions where, CancellationToken cancellationToken)
    {
        await using var postgres = await StoppedAsync(where, cancellationToken);
        postgres.Replace(postgres.Secrets with
        {
            PortalClient = Secrets.Random(),
            ServicesClient = Secrets.Random(),
            AnalystClient = Secrets.Random(),
            OrganisationClient = Secrets.Random(),
        });
        Console.WriteLine(
            "The clients have new secrets, and the services' roles new passwords, from the next `up` on. Tell agencies and organisations theirs.");
        return 0;
    }

    /// <summary>
    /// The master key, of which the services' own are made: everything that is encrypted under it is encrypted under the new one, and then nothing needs the
    /// one before. Broken off, it goes on where it was.
    /// </summary>
    /// <exception cref="RefusedException">The system runs, or a service could not do its part.</exception>
    internal static async Task<int> MasterAsync(StateOptions where, CancellationToken cancellationToken)
    {
        await using var postgres = await StoppedAsync(where, cancellationToken);
        var services = new List<string>();
        foreach (var service in new[] { "identity", "profiles", "ledger", "portal" })
        {
            if (await postgres.HasAsync(service))
            {
                services.Add(service);
            }
        }

        await MasterAsync(postgres.Secrets, postgres.Replace, AllAsync);
        Console.WriteLine("The master key has been replaced. Earlier backups still need the previous key: keep it with their keys.");
        return 0;

        async Task AllAsync(string[] verb, string then)
        {
            foreach (var service in services)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await ServiceProgram.RunAsync(postgres, service, verb, cancellationToken) != 0)
                {
                    throw new RefusedException($"{service} could not do its part; {then}. Fix what it reports, then run the same command again.");
                }
            }
        }
    }

    /// <summary>The steps of that, in an order in which the folder has every key that something is encrypted under, wherever it is broken off.</summary>
    /// <param name="secrets">What the folder has.</param>
    /// <param name="keep">Keeps others in their place.</param>
    /// <param name="all">Has each service do a verb with what is kept; given also what to say where one cannot.</param>
    public static async Task MasterAsync(Secrets secrets, Action<Secrets> keep, Func<string[], string, Task> all)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(all);
        // A database may be there without its tables, where its service was never started.
        await all(["db", "apply"], "nothing has been replaced");
        if (secrets.PreviousMasterKey is null)
        {
            // What the key of now cannot read would stop the new one half-way, and nothing would start any more.
            await all(["keys", "rewrap"], "nothing has been replaced");
            // Both are kept before anything is encrypted under the new one.
            secrets = secrets with { PreviousMasterKey = secrets.MasterKey, MasterKey = Secrets.RandomKey() };
            keep(secrets);
        }

        await all(["keys", "rewrap"], "both keys are kept");
        keep(secrets with { PreviousMasterKey = null });
    }

    /// <summary>
    /// The key that signs the transparency log: it hands over to a new one, and the log goes on. The one before is not kept. Broken off, it goes on where it
    /// was.
    /// </summary>
    /// <exception cref="RefusedException">The system runs, or the ledger could not do its part.</exception>
    internal static async Task<int> LogAsync(StateOptions where, CancellationToken cancellationToken)
    {
        await using var postgres = await StoppedAsync(where, cancellationToken);
        await LedgerAsync(postgres, ["db", "apply"], "nothing has been replaced", cancellationToken);
        var begins = postgres.Secrets.NextLogSigningKey is null;
        if (begins)
        {
            // It is kept before anything is signed with it: once the log has been handed over, nothing else signs it.
            postgres.Replace(postgres.Secrets with { NextLogSigningKey = Secrets.RandomKey() });
        }

        if (await ServiceProgram.RunAsync(postgres, "ledger", ["log", "rotate"], cancellationToken) is not 0 and var code)
        {
            // What was begun before may have been handed over, and is not given up unless the ledger knows that it was not.
            if (code == NothingHandedOver || (begins && code == KeysUnknown))
            {
                postgres.Replace(postgres.Secrets with { NextLogSigningKey = null });
                throw new RefusedException("The log keeps its key, because the log is not what was signed. `./volunteerbook audit` says where.");
            }

            throw new RefusedException("The ledger could not do its part; both keys are kept. Fix what it reports, then run the same command again.");
        }

        postgres.Replace(postgres.Secrets with { LogSigningKey = postgres.Secrets.NextLogSigningKey!, NextLogSigningKey = null });
        Console.WriteLine(
            "The log has a new key, which its followers find at /api/v1/log/keys. Earlier backups still need the previous key: keep it with them.");
        return 0;
    }

    /// <summary>The keys that sign documents, credentials and time-stamps: others are made, in one transaction of the ledger.</summary>
    /// <param name="where">The state folder.</param>
    /// <param name="compromised">Whether what the earlier keys signed is trusted no more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RefusedException">The system runs, or the ledger could not do its part.</exception>
    internal static async Task<int> IssuerAsync(StateOptions where, bool compromised, CancellationToken cancellationToken)
    {
        await using var postgres = await StoppedAsync(where, cancellationToken);
        string[] verb = compromised ? ["issuer", "rotate", "--compromised"] : ["issuer", "rotate"];
        await LedgerAsync(postgres, verb, "nothing has been replaced", cancellationToken);
        return 0;
    }

    // The ledger's exit codes, see RotateLogKey.
    private const int NothingHandedOver = 3, KeysUnknown = 4;

    private static async Task LedgerAsync(StatePostgres postgres, string[] verb, string then, CancellationToken cancellationToken)
    {
        if (!await postgres.HasAsync("ledger"))
        {
            throw new RefusedException($"{postgres.Folder} holds no ledger yet. Run `up` to make one.");
        }

        if (await ServiceProgram.RunAsync(postgres, "ledger", verb, cancellationToken) != 0)
        {
            throw new RefusedException($"The ledger could not do its part; {then}. Fix what it reports, then run the same command again.");
        }
    }

    private static async Task<StatePostgres> StoppedAsync(StateOptions where, CancellationToken cancellationToken)
    {
        var postgres = await where.PostgresAsync(cancellationToken);
        if (postgres.IsOfARunningSystem)
        {
            await postgres.DisposeAsync();
            throw new RefusedException("The system is running with the keys that are to be replaced. Stop it first.");
        }

        return postgres;
    }
}
