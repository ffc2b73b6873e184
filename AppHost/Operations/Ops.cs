namespace VolunteerBook.AppHost.Operations;

/// <summary>What an operator does to a system on this machine, whether it runs or not.</summary>
internal static class Ops
{
    private const string Usage =
        """
        ./volunteerbook ops SERVICE db apply|assert               makes the service's tables, or lists how they differ from what it needs
        ./volunteerbook ops SERVICE readers list|retry|skip|…     lists what the service's readers could not handle, and decides what to do about it
        ./volunteerbook ops SERVICE projections list|rebuild NAME lists the service's projections, or rebuilds one while the service is stopped
        ./volunteerbook ops backup DIR                            backs up all stores as they are at one moment, and their keys; the system may be running
        ./volunteerbook ops restore DIR [--keys DIR]              makes a state folder from a backup; --keys if its keys were kept elsewhere
        ./volunteerbook ops rotate clients                        replaces the secrets of Identity's clients and the services' passwords in PostgreSQL
        ./volunteerbook ops rotate master                         replaces the master key and encrypts everything under the new one
        ./volunteerbook ops rotate log                            replaces the key that signs the transparency log; the log continues
        ./volunteerbook ops rotate issuer                         replaces the keys that sign documents and credentials; what was issued stays valid
        ./volunteerbook ops rotate issuer --compromised           the same, but nothing that the earlier keys signed is trusted any more
        --data FOLDER, --port-base PORT                           the values that `up` was started with
        Stop the system before any `rotate`.
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
                // With anything but a word first, the program would serve.
                case [var service, var verb, ..] when ServiceProgram.Names.Contains(service) && verb.All(char.IsAsciiLetterLower):
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
