using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>A reader as a service declares it.</summary>
internal sealed record Reader(string Name, int Version, Start From, IReadOnlyDictionary<(string Publisher, string Type), Handling> Handlings)
{
    /// <summary>The statements that make the tables which it fills; null where it does anything else.</summary>
    public Func<string, string>? Model { get; init; }

    /// <summary>Of a read model: which filling of this version it is, from 1.</summary>
    public int Edition { get; init; } = 1;

    /// <summary>Where its tables lie.</summary>
    public string Schema => ReadModels.SchemaOf(Name, Version, Edition);

    /// <summary>What people are shown: with the version, and of a read model with the edition, where these are not the first.</summary>
    public string Label => $"{Name}{(Version > 1 ? $" version {Version}" : "")}{(Edition > 1 ? $", edition {Edition}" : "")}";

    public IEnumerable<string> Publishers => Handlings.Keys.Select(key => key.Publisher).Distinct();

    /// <summary>What a message of a publisher is about; null where nothing says that. What cannot be read at all is about nothing that could be told.</summary>
    public string? KeyOf(string publisher, IntegrationMessage message)
    {
        try
        {
            return Handlings.TryGetValue((publisher, message.Type), out var handling) ? handling.Key?.Invoke(message.Data) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
