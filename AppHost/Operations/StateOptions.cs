namespace VolunteerBook.AppHost.Operations;

/// <summary>Which system a command is about: the options that <c>up</c> was started with.</summary>
/// <param name="Folder">The state folder.</param>
/// <param name="PortBase">The gateway's port.</param>
internal sealed record StateOptions(string Folder, int PortBase)
{
    /// <summary>Takes these options out of a command line, wherever they stand; the other words are left.</summary>
    /// <exception cref="RefusedException">One lacks its value.</exception>
    public static (IReadOnlyList<string> Words, StateOptions Where) Read(IReadOnlyList<string> args)
    {
        var (words, where) = (new List<string>(), new StateOptions(Path.Combine(AsBuilt.Repository, ".data"), 8080));
        for (var i = 0; i < args.Count; i++)
        {
            var option = args[i];
            switch (option)
            {
                case "--data": where = where with { Folder = Arguments.Value(args, ref i) }; break;
                case "--port-base": where = where with { PortBase = UpOptions.Read([option, Arguments.Value(args, ref i)]).PortBase }; break;
                default: words.Add(option); break;
            }
        }

        return (words, where);
    }

    /// <summary>Its PostgreSQL.</summary>
    public Task<StatePostgres> PostgresAsync(CancellationToken cancellationToken) => StatePostgres.OpenAsync(Folder, PortBase, cancellationToken);
}
