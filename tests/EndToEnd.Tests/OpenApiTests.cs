using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>
/// What others write programs against changes only on purpose: each service's OpenAPI document lies here as OpenApi/{service}.json. Where a change is meant,
/// ACCEPT_OPENAPI=1 writes the files anew.
/// </summary>
[Collection(RunningSystem.Shared)]
public sealed class OpenApiTests(RunningSystem running)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("profiles")]
    [InlineData("ledger")]
    [InlineData("verification")]
    [InlineData("vacancies")]
    [InlineData("reporting")]
    public async Task the_api_is_as_its_document_says(string service)
    {
        var system = await running.SystemAsync();
        using var http = new HttpClient();
        var document = JsonNode.Parse(await http.GetStringAsync(
            new Uri(system.Address(service), "/openapi/v1.json"), TestContext.Current.CancellationToken))!.AsObject();
        // Where it runs is no part of what it offers.
        document.Remove("servers");
        var file = Path.Combine(Folder(), service + ".json");
        if (Environment.GetEnvironmentVariable("ACCEPT_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(file, document.ToJsonString(Readable) + "\n", TestContext.Current.CancellationToken);
        }

        File.Exists(file).ShouldBeTrue(file);
        var known = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        JsonNode.DeepEquals(document, known).ShouldBeTrue(
            $"The API of {service} is no longer as {file} says; if that is meant, run this test with ACCEPT_OPENAPI=1 and look at the difference.");
    }

    [Fact]
    public async Task every_list_says_how_large_its_pages_can_be()
    {
        var documents = await Task.WhenAll(Directory.GetFiles(Folder(), "*.json").Select(file => File.ReadAllTextAsync(file)));
        var limits = documents.SelectMany(document => Parameters(JsonNode.Parse(document))).Where(one => one["name"]?.GetValue<string>() == "limit").ToList();
        limits.Count.ShouldBeGreaterThan(20);
        limits.Where(limit => limit["schema"]!["maximum"] is null).ShouldBeEmpty();

        static IEnumerable<JsonNode> Parameters(JsonNode? document) => document!["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject()).SelectMany(operation => operation.Value!["parameters"]?.AsArray() ?? []).OfType<JsonNode>();
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "OpenApi");
}
