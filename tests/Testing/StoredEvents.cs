using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Marten;
using Shouldly;

namespace VolunteerBook.Testing;

/// <summary>
/// Stored names and forms are for ever: every event that a service can store lies beside its tests as StoredEvents/{stored name}.json, an older form of it as
/// {stored name}.{what is special}.json. A file is added and never changed.
/// </summary>
public static class StoredEvents
{
    /// <summary>Every event of the service has a file, and each file loads and is written again as it was.</summary>
    /// <param name="store">The service's store.</param>
    /// <param name="ofService">Any type of the service's assembly.</param>
    /// <param name="upcast">Stored names that nothing is stored under any more, and as what they are read before they are upcast.</param>
    /// <param name="test">The calling test's file.</param>
    public static void ShouldAllLoadFromTheirFiles(
        this IDocumentStore store, Type ofService, IReadOnlyDictionary<string, Type>? upcast = null, [CallerFilePath] string test = "")
    {
        var events = store.Options.Events.AllKnownEventTypes()
            .Where(known => known.EventType.Assembly == ofService.Assembly)
            .Select(known => KeyValuePair.Create(known.EventTypeName, known.EventType)).Concat(upcast ?? new Dictionary<string, Type>()).ToDictionary();
        var files = Directory.GetFiles(Path.Combine(Path.GetDirectoryName(test)!, "StoredEvents"), "*.json")
            .ToLookup(path => Path.GetFileName(path).Split('.')[0]);

        files.Select(file => file.Key).Order().ShouldBe(events.Keys.Order());
        foreach (var (name, path) in files.SelectMany(group => group.Select(path => (group.Key, path))))
        {
            using var stream = File.OpenRead(path);
            var loaded = store.Options.Serializer().FromJson(events[name], stream);
            var written = store.Options.Serializer().ToJson(loaded);
            JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(File.ReadAllText(path)))
                .ShouldBeTrue($"{Path.GetFileName(path)} is written as {written}");
        }
    }
}
