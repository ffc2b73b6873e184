namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// <c>keys rewrap</c>: with another master key configured, and the one before as the first of the earlier ones, encrypts everything that the service keeps
/// under the new one. Then nothing needs the one before.
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

        Console.WriteLine($"{count} items are now encrypted under the current master key.");
        return 0;
    }
}
