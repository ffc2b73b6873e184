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
            string Value() => args.Take(i).Contains(option) ? throw new RefusedException($"{option} is given twice.")
                : ++i < args.Count ? args[i] : throw new RefusedException($"{option} needs a value.");
            switch (option)
            {
                case "--data": where = where with { Folder = Value() }; break;
                case "--port-base": where = where with { PortBase = UpOptions.Read([option, Value()]).PortBase }; break;
                default: words.Add(option); break;
            }
        }

        return (words, where);
    }

    /// <summary>Its PostgreSQL.</summary>
    public Task<StatePostgres> PostgresAsync(CancellationToken cancellationToken) => StatePostgres.OpenAsync(Folder, PortBase, cancellationToken);
}
