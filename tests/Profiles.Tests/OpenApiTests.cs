using Shouldly;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.Profiles.Tests;

public sealed class OpenApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    [Fact]
    public async Task the_document_names_every_operation_with_who_may_call_it()
    {
        var document = await host.Anonymous().GetJsonAsync("/openapi/v1.json");
        document.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.1");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (
                Name: $"{operation.Name} {path.Name}",
                Anonymous: !operation.Value.TryGetProperty("security", out var security) || security.GetArrayLength() == 0,
                NeedsVersion: operation.Value.TryGetProperty("parameters", out var parameters)
                    && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").GetString() == "If-Match"))))
            .Where(operation => !operation.Name.Contains("/events/", StringComparison.Ordinal))
            .ToList();

        operations.Select(operation => operation.Name).ShouldBe(
        [
            "post /api/v1/volunteers", "get /api/v1/volunteers/me", "put /api/v1/volunteers/me", "get /api/v1/volunteers/me/history", "get /api/v1/volunteers/names",
            "post /api/v1/organisations", "get /api/v1/organisations", "get /api/v1/organisations/mine", "get /api/v1/organisations/{id}",
            "post /api/v1/organisations/{id}/approval", "post /api/v1/organisations/{id}/refusal",
            "get /api/v1/organisations/{id}/coordinators", "post /api/v1/organisations/{id}/coordinators", "delete /api/v1/organisations/{id}/coordinators/{personId}",
            "get /api/v1/organisations/{id}/jwks.json", "get /api/v1/organisations/{id}/keys", "post /api/v1/organisations/{id}/keys", "post /api/v1/organisations/{id}/keys/{kid}/revocation",
            "get /api/v1/organisations/{id}/history", "get /api/v1/people/me", "put /api/v1/people/me",
            "get /api/v1/organisations/{id}/invitations", "post /api/v1/organisations/{id}/invitations", "delete /api/v1/organisations/{id}/invitations/{invitationId}",
            "get /api/v1/invitations/{token}", "post /api/v1/invitations/{token}",
        ], ignoreOrder: true);
        operations.Where(operation => operation.Anonymous).Select(operation => operation.Name)
            .ShouldBe(["get /api/v1/organisations", "get /api/v1/organisations/{id}", "get /api/v1/organisations/{id}/jwks.json"], ignoreOrder: true);
        operations.Where(operation => operation.NeedsVersion).Select(operation => operation.Name).ShouldBe(
        [
            "put /api/v1/people/me", "delete /api/v1/organisations/{id}/invitations/{invitationId}",
            "put /api/v1/volunteers/me", "post /api/v1/organisations/{id}/approval", "post /api/v1/organisations/{id}/refusal",
            "post /api/v1/organisations/{id}/coordinators", "delete /api/v1/organisations/{id}/coordinators/{personId}",
            "post /api/v1/organisations/{id}/keys", "post /api/v1/organisations/{id}/keys/{kid}/revocation",
        ], ignoreOrder: true);
    }
}
