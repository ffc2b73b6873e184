using System.Text.Json.Nodes;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// <c>GET /api/v1/book/resume?language=</c>: one's own confirmed work in the open format JSON Resume (schema 1.0.0), by organisation and project, to put
/// into a résumé (F47). It bears no signature.
/// </summary>
public static class GetResumeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book/resume", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Your confirmed work as a résumé in JSON Resume format");

    private static async Task<Results<Ok<JsonObject>, ProblemHttpResult>> Handle(
        Caller caller, HttpContext http, IQuerySession session, WriteDocument write, Names names,
        IssuerKeys issuer, TimeProvider clock, CancellationToken ct, string language = "ru")
    {
        if (language is not ("ru" or "en"))
        {
            return Refusal.Invalid("unknown-language", "language", "The language of a document must be ru or en.").ToProblem();
        }

        if (await names.OfCallerAsync(http, ct) is not { } holder)
        {
            return OrderExtractEndpoint.NotRegistered.ToProblem();
        }

        var now = clock.GetUtcNow();
        var book = await session.Query<EntryView>().Where(entry => entry.VolunteerId == caller.Id).ToListAsync(ct);
        var scope = new ExtractScope();
        var document = await write.OfAsync(session, Written.InScope(book, scope), scope, holder, caller.Id, "", language, now, now, ct);
        // Where its latest version is found; a résumé has no number of its own.
        return TypedResults.Ok(JsonResume.Of(document with { CheckUrl = $"{issuer.Address.ToString().TrimEnd('/')}/api/v1/book/resume" }));
    }
}
