namespace VolunteerBook.AppHost.Operations;

/// <summary>What an operator does to a system on this machine, whether it runs or not.</summary>
internal static class Ops
{
    private const string Usage =
        """
        ./volunteerbook ops SERVICE db apply|assert               makes the service's tables, or says how they differ from what it needs
        ./volunteerbook ops SERVICE readers list|retry|skip|…     what the service's readers could not handle, and what becomes of it
        ./volunteerbook ops SERVICE projections list|rebuild NAME what is made of the service's own events, and makes it anew while the service is stopped
        ./volunteerbook ops backup DIR                            all stores as they are at one moment, while the system runs or not, and the keys beside them
        ./volunteerbook ops restore DIR [--keys DIR]              a state folder of them again; the keys may have been kept elsewhere
        ./volunteerbook ops rotate clients                        other secrets for the clients of Identity and the services' roles in PostgreSQL, while the system is stopped
        ./volunteerbook ops rotate master                         another master key, and everything that is encrypted under it encrypted anew, while the system is stopped
        ./volunteerbook ops rotate log                            another key that signs the transparency log, which goes on, while the system is stopped
        ./volunteerbook ops rotate issuer                         other keys that sign documents and credentials, while the system is stopped; what was issued stands
        ./volunteerbook ops rotate issuer --compromised           the same, and nothing that the earlier ones signed is trusted any more
        --data FOLDER, --port-base PORT                           those that `up` was started with
        """;

    /// <summary>Does it; the answer is the exit code.</summary>
    /// <exception cref="RefusedException">It is not known, or the folder is none of ours.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var (words, where) = StateOptions.Read(args);
        using var signals = new Signals();
        try
        {
            switch (words)
            {
                case ["--help"] or []:
                    Console.WriteLine(Usage);
                    return 0;
                case ["backup", var target]:
                    return await Backup.MakeAsync(where, target, signals.Token);
                case ["restore", var source]:
                    return await Backup.RestoreAsync(where, source, null, signals.Token);
                case ["restore", var source, "--keys", var keys]:
                    return await Backup.RestoreAsync(where, source, keys, signals.Token);
                case ["rotate", "clients"]:
                    return await Rotate.ClientsAsync(where, signals.Token);
                case ["rotate", "master"]:
                    return await Rotate.MasterAsync(where, signals.Token);
                case ["rotate", "log"]:
                    return await Rotate.LogAsync(where, signals.Token);
                case ["rotate", "issuer"] or ["rotate", "issuer", "--compromised"]:
                    return await Rotate.IssuerAsync(where, words.Count > 2, signals.Token);
                case [var service, _, ..] when ServiceProgram.Names.Contains(service):
                    await using (var postgres = await where.PostgresAsync(signals.Token))
                    {
                        return await ServiceProgram.RunAsync(postgres, service, words.Skip(1), signals.Token);
                    }

                default:
                    throw new RefusedException($"There is no operation {string.Join(' ', words)}; --help lists them.");
            }
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
