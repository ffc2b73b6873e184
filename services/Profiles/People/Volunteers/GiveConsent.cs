using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>
/// <c>POST /api/v1/volunteers/me/consents</c>: the caller consents to the processing of their personal data. Who registered before there was such a text, or
/// by an earlier one, does so here.
/// </summary>
/// <param name="Version">Which text they agreed to: one of <see cref="ConsentTexts"/>.</param>
public sealed record GiveConsent(string Version);

public static class GiveConsentEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/volunteers/me/consents", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Consent to the processing of your personal data")
            .WithExample(new GiveConsent(ConsentTexts.Current));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        GiveConsent command, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Volunteer>(caller.Id, ct);
        if (stream.Aggregate is not { } volunteer)
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(volunteer, command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    /// <summary>The same text again says nothing new.</summary>
    public static Decision Decide(Volunteer volunteer, GiveConsent command, DateTimeOffset now) =>
        Check("version", command.Version) is { } refusal ? refusal
        : volunteer.Consent?.Version == command.Version ? Decision.Nothing
        : Decision.Append(new ConsentGiven(volunteer.Id, command.Version, now));

    internal static Refusal? Check(string field, string version) => ConsentTexts.Versions.Contains(version)
        ? null
        : Refusal.Invalid("consent-unknown", field, "The version must be that of a text of consent, as 2026-12-01.");
}
