using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Contracts.Tests;

/// <summary>
/// Every integration event has a JSON of its own under Fixtures/{publisher}/{contract}.json, as it once went over the broker. Messages outlive releases,
/// so each must still load and lose nothing. A contract that changes gets a new version and a new fixture; an old fixture is never edited.
/// </summary>
public sealed partial class IntegrationEventFixtures
{
    // As messages are written and read: camelCase, enums as camelCase strings, nothing missing.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private static IEnumerable<Type> Types => typeof(IntegrationMessage).Assembly.GetExportedTypes().Where(type => Versioned().IsMatch(type.Name));

    public static TheoryData<string> Contracts => [.. Types.Select(type => type.FullName!)];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void a_contract_once_sent_still_loads_and_loses_nothing(string contract)
    {
        var type = typeof(IntegrationMessage).Assembly.GetType(contract, throwOnError: true)!;
        var path = Path.Combine(Folder(), type.Namespace!.Split('.')[^1], type.Name + ".json");
        File.Exists(path).ShouldBeTrue($"{contract} has no fixture: {path}");
        var sent = File.ReadAllText(path);

        var loaded = JsonSerializer.Deserialize(sent, type, Options).ShouldNotBeNull();
        JsonNode.DeepEquals(JsonNode.Parse(JsonSerializer.Serialize(loaded, type, Options)), JsonNode.Parse(sent)).ShouldBeTrue(path);
    }

    [Fact]
    public void no_fixture_is_without_a_contract() =>
        Directory.EnumerateFiles(Folder(), "*.json", SearchOption.AllDirectories)
            .Select(path => $"{Path.GetFileName(Path.GetDirectoryName(path))}.{Path.GetFileNameWithoutExtension(path)}")
            .ShouldBe(Types.Select(type => $"{type.Namespace!.Split('.')[^1]}.{type.Name}"), ignoreOrder: true);

    // A message is told by its contract's bare name.
    [Fact]
    public void a_contracts_name_is_its_own() => Types.Select(type => type.Name).ShouldBeUnique();

    [Fact]
    public void contracts_are_sealed_records_that_say_when()
    {
        foreach (var type in Types)
        {
            type.IsSealed.ShouldBeTrue(type.Name);
            type.GetMethod("<Clone>$").ShouldNotBeNull(type.Name);
            type.GetProperty("At").ShouldNotBeNull(type.Name).PropertyType.ShouldBe(typeof(DateTimeOffset), type.Name);
        }
    }

    // Only Profiles knows who a person is.
    [Fact]
    public void no_contract_has_a_place_for_personal_data()
    {
        string[] telling =
            ["Family", "Given", "Patronymic", "FirstName", "LastName", "DisplayName", "BirthDate", "Email", "Phone", "Contacts", "Address", "Personal"];
        foreach (var property in typeof(IntegrationMessage).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
        {
            telling.ShouldNotContain(property.Name, $"{property.DeclaringType}");
        }
    }

    [Fact]
    public void contracts_depend_on_nothing_but_the_platform() =>
        typeof(IntegrationMessage).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name)
            .ShouldAllBe(name => name!.StartsWith("System.", StringComparison.Ordinal));

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Fixtures");

    [GeneratedRegex("V[0-9]+$")]
    private static partial Regex Versioned();
}
