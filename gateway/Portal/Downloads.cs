using System.Globalization;
using VolunteerBook.Portal.Api;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal;

/// <summary>Documents for saving: of one's own book, got with the token of the person who is signed in, and those that a link leads to.</summary>
public static class Downloads
{
    const string Pdf = "application/pdf";
    const string Credential = "application/vc+jwt";

    /// <summary>The files of extracts and of confirmed entries, and the statistics.</summary>
    public static void MapDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapStatisticsFile();
        var book = routes.MapGroup("/book").RequireAuthorization();
        book.MapGet("/extracts/{id:guid}/file", async (Guid id, GatewayApi api, Documents documents) =>
            await api.HandOn($"extracts/{id}/file", Pdf, (await documents.Extract(id)).Extract.Number + ".pdf"));
        book.MapGet("/extracts/{id:guid}/credential", async (Guid id, GatewayApi api, Documents documents) =>
            await api.HandOn($"extracts/{id}/credential", Credential, (await documents.Extract(id)).Extract.Number + ".jwt"));
        book.MapGet("/resume", (GatewayApi api) =>
            api.HandOn("book/resume" + Query(("language", CultureInfo.CurrentUICulture.TwoLetterISOLanguageName)), "application/json", "resume.json"));
        book.MapGet("/{id:guid}/certificate", (Guid id, string? language, GatewayApi api) =>
            api.HandOn($"entries/{id}/certificate" + Query(("language", language)), Pdf, $"certificate-{id:N}.pdf"));
        book.MapGet("/{id:guid}/credential", (Guid id, string? language, GatewayApi api) =>
            api.HandOn($"entries/{id}/credential" + Query(("language", language)), Credential, $"certificate-{id:N}.jwt"));
        routes.MapGet("/data/{service}", (string service, GatewayApi api) => EventFeeds.Services.Contains(service)
            ? api.HandOn("events/" + service, "application/x-ndjson", service + ".ndjson")
            : throw new ApiException(Problem.Absent)).RequireAuthorization(Roles.Analyst);
        routes.MapGet("/shared/{token}/file", (string token, GatewayApi api) => api.HandOn($"shared-extracts/{Uri.EscapeDataString(token)}/file", Pdf));
    }
}
