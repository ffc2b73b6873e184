using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests;

public sealed class OpenApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    // Which operations there are, and which need a version, says the checked-in document that the end-to-end tests compare this
    // one with; this list is of what stands open.
    [Fact]
    public async Task the_document_says_of_every_operation_who_may_call_it()
    {
        var document = await host.Anonymous().GetJsonAsync("/openapi/v1.json");
        document.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.1");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (
                Name: $"{operation.Name} {path.Name}",
                Anonymous: !operation.Value.TryGetProperty("security", out var security) || security.GetArrayLength() == 0)))
            .ToList();

        operations.Count.ShouldBeGreaterThan(25);
        operations.Where(operation => operation.Anonymous).Select(operation => operation.Name)
            .ShouldBe(
            [
                "get /api/v1/organisations", "get /api/v1/organisations/{id}", "get /api/v1/organisations/{id}/jwks.json",
                // By the link out of a mail.
                "get /api/v1/notifications/unsubscriptions/{token}", "post /api/v1/notifications/unsubscriptions/{token}",
            ], ignoreOrder: true);
    }
}
