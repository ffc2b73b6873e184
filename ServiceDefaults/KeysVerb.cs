namespace VolunteerBook.ServiceDefaults;

/// <summary>Something that a service keeps encrypted under its master key.</summary>
public interface IUnderTheMasterKey
{
    /// <summary>Encrypts all of it anew, in one transaction, under the key of now, whichever of the keys that are read it was under; the answer is how much that is.</summary>
    Task<int> RewrapAsync(CancellationToken ct);
}

/// <summary>
/// <c>keys rewrap</c>: with another master key configured, and the one before as the first of the earlier ones, encrypts everything that the service keeps under the new one. Then nothing needs the one before.
/// </summary>
public sealed class KeysVerb(IEnumerable<IUnderTheMasterKey> all) : IVerb
{
    public string Name => "keys";

    public string Usage => "keys rewrap";

    public async Task<int?> RunAsync(string[] args, CancellationToken ct)
    {
        if (args is not ["rewrap"])
        {
            return null;
        }

        var count = 0;
        foreach (var kept in all)
        {
            count += await kept.RewrapAsync(ct);
        }

        Console.WriteLine($"{count} are under the master key of now.");
        return 0;
    }
}
