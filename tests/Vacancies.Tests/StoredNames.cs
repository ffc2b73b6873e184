using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Tests.Host;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests;

/// <summary>What was once stored or published must load for ever: a file of each, under its name. Files are added and never changed.</summary>
[Collection(OverHttp.Name)]
public sealed class StoredNames(VacanciesHost vacancies)
{
    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    // A file is NAME.json, or NAME.what-is-special.json.
    private static ILookup<string, string> Files(string folder) => Directory.GetFiles(Folder(folder), "*.json").ToLookup(path => Path.GetFileName(path).Split('.')[0]);

    [Fact]
    public void every_stored_event_loads_from_its_file_and_is_written_as_in_it()
    {
        var store = vacancies.Service.Services.GetRequiredService<IDocumentStore>();
        var events = store.Options.Events.AllKnownEventTypes().Where(known => known.EventType.Assembly == typeof(Vacancy).Assembly).ToDictionary(known => known.EventTypeName, known => known.EventType);
        var files = Files("Stored");

        files.Select(file => file.Key).Order().ShouldBe(events.Keys.Order());
        foreach (var (name, path) in files.SelectMany(group => group.Select(path => (group.Key, path))))
        {
            using var stream = File.OpenRead(path);
            var loaded = store.Options.Serializer().FromJson(events[name], stream);
            ShouldBeTheSame(store.Options.Serializer().ToJson(loaded), path);
        }
    }

    [Fact]
    public void every_integration_event_loads_from_its_file_and_is_written_as_in_it()
    {
        var contracts = typeof(VacancyPublishedV1).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(VacancyPublishedV1).Namespace && type.Name.EndsWith("V1", StringComparison.Ordinal))
            .ToDictionary(type => type.Name);
        var files = Files("Integration");

        files.Select(file => file.Key).Order().ShouldBe(contracts.Keys.Order());
        foreach (var (name, path) in files.SelectMany(group => group.Select(path => (group.Key, path))))
        {
            var loaded = JsonSerializer.Deserialize(File.ReadAllText(path), contracts[name], Json.Options);
            ShouldBeTheSame(JsonSerializer.Serialize(loaded, contracts[name], Json.Options), path);
        }
    }

    private static void ShouldBeTheSame(string written, string path)
    {
        var same = JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(File.ReadAllText(path)));
        same.ShouldBeTrue($"{Path.GetFileName(path)} is written as {written}");
    }
}
