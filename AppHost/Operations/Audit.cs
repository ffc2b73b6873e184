namespace VolunteerBook.AppHost.Operations;

/// <summary>The ledger's <c>audit</c> on a state folder: over the PostgreSQL of the system that runs there, or over one started for it.</summary>
internal static class Audit
{
    private const string Usage =
        """
        ./volunteerbook audit [--data FOLDER] [--port-base PORT] [--checkpoint FILE] [--key KEY]
        --data, --port-base   the values that `up` was started with
        --checkpoint FILE     a signed checkpoint kept from before: nothing up to it may have changed
        --key KEY             the log's public key to trust, instead of the state folder's
        """;

    /// <summary>Runs the audit; the answer is its exit code.</summary>
    /// <exception cref="RefusedException">The folder is none of ours, or a word is not known.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var (words, where) = StateOptions.Read(args);
        var forLedger = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var option = words[i];
            switch (option)
            {
                case "--checkpoint": forLedger.AddRange([option, Path.GetFullPath(Arguments.Value(words, ref i))]); break;
                case "--key": forLedger.AddRange([option, Arguments.Value(words, ref i)]); break;
                case "--help": Console.WriteLine(Usage); return 0;
                default: throw new RefusedException($"There is no option {option}; --help lists them.");
            }
        }

        using var signals = new Signals();
        try
        {
            await using var postgres = await where.PostgresAsync(signals.Token);
            return await postgres.HasAsync("ledger")
                ? await ServiceProgram.RunAsSuperuserAsync(postgres, "ledger", ["audit", .. forLedger], signals.Token)
                : throw new RefusedException($"{postgres.Folder} holds no ledger yet. Run `up` to make one.");
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
