using System.Text.Json.Nodes;
using Shouldly;

namespace VolunteerBook.ServiceDefaults.Tests;

/// <summary>The document says of each value what it is, and of each operation how it may be refused.</summary>
public sealed class OpenApiTests(SmallService service) : IClassFixture<SmallService>
{
    [Fact]
    public async Task records_of_one_name_are_described_each_by_itself()
    {
        var document = await service.DocumentAsync();
        Members(document, "/api/v1/one").ShouldBe(["text"]);
        Members(document, "/api/v1/other").ShouldBe(["number"]);
        Items(document, "/api/v1/ones").ShouldBe(["text"]);
        Items(document, "/api/v1/others").ShouldBe(["number"]);
    }

    [Theory]
    [InlineData("id", "\"string\"", "uuid")]
    [InlineData("other", """["null","string"]""", "uuid")]
    [InlineData("text", "\"string\"", null)]
    [InlineData("note", """["null","string"]""", null)]
    [InlineData("at", "\"string\"", "date-time")]
    [InlineData("until", """["null","string"]""", "date-time")]
    [InlineData("start", "\"string\"", "date-time-local")]
    [InlineData("day", "\"string\"", "date")]
    [InlineData("minutes", "\"integer\"", "int32")]
    public async Task each_value_has_its_type_and_format(string member, string type, string? format)
    {
        var document = await service.DocumentAsync();
        var schema = document["components"]!["schemas"]!["Everything"]!["properties"]![member]!;
        schema["type"]!.ToJsonString().ShouldBe(type);
        (schema["format"]?.GetValue<string>()).ShouldBe(format);
    }

    [Fact]
    public async Task lists_and_maps_say_what_they_hold()
    {
        var members = (await service.DocumentAsync())["components"]!["schemas"]!["Everything"]!["properties"]!;
        members["levels"]!["items"]!["type"]!.GetValue<string>().ShouldBe("string");
        members["names"]!["additionalProperties"]!["type"]!.GetValue<string>().ShouldBe("string");
    }

    [Fact]
    public async Task what_may_be_null_is_said_once_and_may_be_left_out()
    {
        var schemas = (await service.DocumentAsync())["components"]!["schemas"]!;
        var everything = schemas["Everything"]!;
        everything["required"]!.AsArray().Select(name => name!.GetValue<string>())
            .ShouldBe(["id", "text", "levels", "shifts", "at", "start", "day", "minutes"]);
        everything["properties"]!["kind"]!["oneOf"]!.AsArray().Count.ShouldBe(2);
        schemas["Kind"]!["enum"]!.ToJsonString().ShouldBe("""["first","secondOne"]""");
        schemas["Inner"]!["properties"]!["found"]!["oneOf"]!.AsArray().Count.ShouldBe(2);
        schemas["Found"]!["properties"]!["zone"]!["type"]!.GetValue<string>().ShouldBe("string");
    }

    [Fact]
    public async Task parameters_have_the_same_formats_as_members()
    {
        var document = await service.DocumentAsync();
        document["paths"]!["/api/v1/asked/{id}"]!["get"]!["parameters"]!.AsArray()
            .ToDictionary(one => one!["name"]!.GetValue<string>(), one => one!["schema"]!["format"]?.GetValue<string>())
            .ShouldBe(new Dictionary<string, string?>
            {
                ["id"] = "uuid",
                ["from"] = "date",
                ["at"] = "date-time",
                ["local"] = "date-time-local",
                ["organisationId"] = "uuid",
                ["limit"] = "int32",
                ["q"] = null,
            });
    }

    [Fact]
    public async Task bounds_are_said_and_answers_may_have_more_members_one_day()
    {
        var document = await service.DocumentAsync();
        var limit = document["paths"]!["/api/v1/asked/{id}"]!["get"]!["parameters"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "limit")!;
        (limit["schema"]!["minimum"]!.GetValue<int>(), limit["schema"]!["maximum"]!.GetValue<int>()).ShouldBe((1, 200));
        document["components"]!["schemas"]!.AsObject()
            .Where(schema => schema.Value!["additionalProperties"] is JsonValue value && !value.GetValue<bool>()).ShouldBeEmpty();
    }

    [Fact]
    public async Task every_refusal_is_a_problem_and_every_operation_has_a_name_that_a_program_can_have()
    {
        var document = await service.DocumentAsync();
        var operations = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (path.Key, Method: operation.Key, Json: operation.Value!))).ToList();
        operations.Select(operation => operation.Json["operationId"]!.GetValue<string>()).ShouldBeUnique();
        foreach (var (path, method, json) in operations)
        {
            json["operationId"]!.GetValue<string>().ShouldMatch("^[a-z][A-Za-z0-9]*$");
            foreach (var (status, response) in json["responses"]!.AsObject().Where(response => response.Key[0] is '4' or '5'))
            {
                (response!["content"]?["application/problem+json"]).ShouldNotBeNull($"{method} {path} {status}");
            }
        }

        document["paths"]!["/api/v1/everything"]!["post"]!["responses"]!.AsObject().Select(response => response.Key).ShouldContain("415");
        document["paths"]!["/api/v1/asked/{id}"]!["get"]!["responses"]!.AsObject().Select(response => response.Key).ShouldContain("404");
    }

    private static IEnumerable<string> Members(JsonObject document, string path) => Properties(document, Answer(document, path)).Select(member => member.Key);

    private static IEnumerable<string> Items(JsonObject document, string path) =>
        Properties(document, Properties(document, Answer(document, path))["items"]!["items"]!).Select(member => member.Key);

    private static JsonNode Answer(JsonObject document, string path) =>
        document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;

    private static JsonObject Properties(JsonObject document, JsonNode schema) =>
        document["components"]!["schemas"]![schema["$ref"]!.GetValue<string>().Split('/')[^1]]!["properties"]!.AsObject();
}
