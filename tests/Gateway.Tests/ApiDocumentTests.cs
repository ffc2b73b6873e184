using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace VolunteerBook.Gateway.Tests;

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task the_documents_of_the_services_are_put_together_and_a_service_that_is_away_is_named()
    {
        await using var profiles = await ServiceAsync("profiles", Document("/api/v1/volunteers/me", "Name"));
        await using var ledger = await ServiceAsync("ledger", Document("/api/v1/book", "Entry"));
        await using var gateway = await GatewayService.StartAsync([profiles, ledger]);
        using var answer = await gateway.Http.GetAsync("/openapi/v1.json");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
        document["paths"]!.AsObject().Select(path => path.Key).ShouldBe(["/api/v1/volunteers/me", "/api/v1/book"]);
        document["x-unavailable"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["verification", "vacancies", "reporting"]);
        document["components"]!["securitySchemes"]!["oidc"]!["openIdConnectUrl"]!.GetValue<string>()
            .ShouldBe("http://localhost:8080/.well-known/openid-configuration");
        document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!.GetValue<string>().ShouldBe("bearer");
    }

    [Fact]
    public async Task it_is_kept_for_a_while()
    {
        var services = new List<StubService>();
        foreach (var name in Routes.DomainServices) services.Add(await ServiceAsync(name, Document("/api/v1/none", "X")));
        await using var gateway = await GatewayService.StartAsync(services);
        for (var call = 0; call < 5; call++) await gateway.Http.GetStringAsync("/openapi/v1.json");
        foreach (var service in services)
        {
            service.Requests.Count.ShouldBe(1);
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task the_page_over_it_brings_its_own_scripts()
    {
        await using var gateway = await GatewayService.StartAsync([]);
        using var page = await gateway.Http.GetAsync("/docs");
        if (page.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.Found) page.Headers.Location!.OriginalString.ShouldEndWith("/");
        using var answer = await gateway.Http.GetAsync("/docs/");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await answer.Content.ReadAsStringAsync();
        html.ShouldNotContain("https://cdn");
        html.ShouldNotContain("//fonts.");
        html.ShouldContain("openapi/");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self' 'nonce-");
        var nonce = policy.Split("'nonce-")[1].Split('\'')[0];
        html.Split("<script").Skip(1).ShouldAllBe(script => script.Contains("src=") || WebUtility.HtmlDecode(script).Contains(nonce));
    }

    [Fact]
    public void only_what_the_gateway_leads_to_is_described()
    {
        var document = Document("/api/v1/book", "Entry");
        foreach (var path in new[] { "/integration-events", "/api/v1/volunteers", "/api/v1/events/profiles", "/api/v1/events/ledger", "/health" })
            document["paths"]![path] = new JsonObject();
        OpenApiMerge.Merge([("ledger", document)], null)["paths"]!.AsObject().Select(path => path.Key).ShouldBe(["/api/v1/book", "/api/v1/events/ledger"]);
    }

    [Fact]
    public void schemas_of_one_name_are_shared_when_they_are_the_same_and_told_apart_when_not()
    {
        JsonObject profiles = Document(
            "/api/v1/volunteers", "Page"), ledger = Document("/api/v1/book", "Page"), vacancies = Document("/api/v1/vacancies", "Page");
        profiles["components"]!["schemas"]!["Item"] = new JsonObject { ["type"] = "string" };
        ledger["components"]!["schemas"]!["Item"] = new JsonObject { ["type"] = "integer" };
        vacancies["components"]!["schemas"]!["Item"] = new JsonObject { ["type"] = "string" };

        var merged = OpenApiMerge.Merge([("profiles", profiles), ("ledger", ledger), ("vacancies", vacancies)], null);
        merged["components"]!["schemas"]!.AsObject().Select(schema => schema.Key).ShouldBe(["Page", "Item", "LedgerPage", "LedgerItem"]);
        Reference(merged, "/api/v1/volunteers").ShouldBe("#/components/schemas/Page");
        Reference(merged, "/api/v1/book").ShouldBe("#/components/schemas/LedgerPage");
        Reference(merged, "/api/v1/vacancies").ShouldBe("#/components/schemas/Page");
        merged["components"]!["schemas"]!["LedgerPage"]!["properties"]!["item"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/LedgerItem");
    }

    [Fact]
    public void an_operation_is_filed_under_its_service_and_takes_either_way_to_sign_in()
    {
        var merged = OpenApiMerge.Merge([("ledger", Document("/api/v1/book", "Page"))], null);
        var operation = merged["paths"]!["/api/v1/book"]!["get"]!;
        operation["tags"]![0]!.GetValue<string>().ShouldBe("Ledger");
        operation["security"]!.AsArray().Select(scheme => scheme!.AsObject().Single().Key).ShouldBe(["bearer", "oidc"]);
    }

    static string Reference(JsonObject merged, string path) =>
        merged["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();

    static async Task<StubService> ServiceAsync(string name, JsonObject document)
    {
        var service = await StubService.StartAsync(name);
        service.Answer = http => http.Response.WriteAsync(document.ToJsonString());
        return service;
    }

    static JsonObject Document(string path, string schema) => (JsonObject)JsonNode.Parse($$"""
        {
          "openapi": "3.1.1",
          "info": { "title": "service", "version": "1" },
          "paths": {
            "{{path}}": { "get": {
              "tags": ["Assembly"], "security": [ { "bearer": [] } ],
              "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/{{schema}}" } } } } } } }
          },
          "components": { "schemas": { "{{schema}}": { "type": "object", "properties": { "item": { "$ref": "#/components/schemas/Item" } } } } }
        }
        """)!;
}
