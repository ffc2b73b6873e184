using System.Text.Json;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

public sealed class ClientTests(DemoIdentity identity) : IClassFixture<DemoIdentity>
{
    readonly IdentityService service = identity.Service;

    [Theory]
    [InlineData("events")]
    [InlineData("")]
    public async Task a_machine_gets_a_token_for_its_scopes(string asked)
    {
        var (status, body) = await AnalystAsync(("scope", asked));
        status.ShouldBe(200);
        var token = await Tokens.ValidateAsync(service, body.GetProperty("access_token").GetString()!);
        token.Subject.ShouldBe("analyst");
        token.GetClaim("client_id").Value.ShouldBe("analyst");
        token.GetClaim("scope").Value.ShouldBe("events");
        body.TryGetProperty("refresh_token", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task a_wrong_secret_is_refused()
    {
        var (status, body) = await service.TokenAsync(("grant_type", "client_credentials"), ("client_id", "analyst"), ("client_secret", "wrong"));
        status.ShouldBe(401);
        Error(body).ShouldBe("invalid_client");
    }

    [Theory]
    [InlineData("integration")]
    [InlineData("book")]
    public async Task a_scope_that_is_not_the_clients_is_refused(string scope)
    {
        var (status, body) = await AnalystAsync(("scope", scope));
        status.ShouldBe(400);
        Error(body).ShouldBe("invalid_request");
    }

    [Fact]
    public async Task a_client_without_a_configured_secret_does_not_exist()
    {
        var (status, body) = await service.TokenAsync(("grant_type", "client_credentials"), ("client_id", "organisation"), ("client_secret", ""));
        status.ShouldBeOneOf(400, 401);
        Error(body).ShouldBeOneOf("invalid_client", "invalid_request");
    }

    [Fact]
    public async Task passwords_are_not_taken_by_the_token_endpoint()
    {
        var (status, body) = await service.TokenAsync(
            ("grant_type", "password"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
            ("username", "anna@demo.volunteerbook.example"), ("password", DemoAccounts.Password));
        status.ShouldBe(400);
        Error(body).ShouldBe("unsupported_grant_type");
    }

    [Fact]
    public async Task the_database_follows_the_configuration_at_every_start()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        (string, string)[] crm =
        [
            ("Identity:Clients:crm:Secret", "first-secret-of-the-crm"),
            ("Identity:Clients:crm:Grants:0", "client_credentials"),
            ("Identity:Clients:crm:Scopes:0", "organisation"),
        ];
        await using (var first = await IdentityService.StartAsync(database.ConnectionString, crm))
        {
            (await CrmAsync(first, "first-secret-of-the-crm")).ShouldBe(200);
        }

        await using (var changed = await IdentityService.StartAsync(
            database.ConnectionString, [.. crm, ("Identity:Clients:crm:Secret", "second-secret-of-the-crm")]))
        {
            (await CrmAsync(changed, "first-secret-of-the-crm")).ShouldBe(401);
            (await CrmAsync(changed, "second-secret-of-the-crm")).ShouldBe(200);
        }

        await using var removed = await IdentityService.StartAsync(database.ConnectionString);
        (await CrmAsync(removed, "second-secret-of-the-crm")).ShouldBeOneOf(400, 401);
    }

    static async Task<int> CrmAsync(IdentityService at, string secret) =>
        (await at.TokenAsync(("grant_type", "client_credentials"), ("client_id", "crm"), ("client_secret", secret))).Status;

    Task<(int Status, JsonElement Body)> AnalystAsync((string Name, string Value) scope) =>
        service.TokenAsync(
            [("grant_type", "client_credentials"), ("client_id", "analyst"), ("client_secret", IdentityService.AnalystSecret), .. scope.Value.Length == 0
                ? []
                : new[] { scope }]);

    static string? Error(JsonElement body) => body.GetProperty("error").GetString();
}
