using System.Text.Json;
using Marten;
using VolunteerBook.ServiceDefaults;

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

    public IEnumerable<string> Publishers => Handlings.Keys.Select(key => key.Publisher).Distinct();
}
