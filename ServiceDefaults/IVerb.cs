namespace VolunteerBook.ServiceDefaults;

/// <summary>What a service's program does for an operator when it is called with a word, in place of serving.</summary>
public interface IVerb
{
    /// <summary>The word.</summary>
    string Name { get; }

    /// <summary>What follows it, a line for each form.</summary>
    string Usage { get; }

    /// <summary>Does it; the answer is the exit code, or null where what follows the word is not understood.</summary>
    Task<int?> RunAsync(string[] args, CancellationToken ct);
}
