using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>POST /api/v1/organisations: the caller asks that an organisation may receive volunteers.</summary>
/// <param name="Name">Its name, 2 to 300 characters.</param>
/// <param name="Ogrn">Its ОГРН: 13 digits, the last a check digit.</param>
/// <param name="Region">ISO 3166-2 code.</param>
public sealed record RegisterOrganisation(string Name, string Ogrn, string Region);

public static class RegisterOrganisationEndpoint
{
    private static readonly Refusal AlreadyRegistered = Refusal.Conflict(
        "organisation-already-registered", "An organisation with this OGRN is already registered.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Register an organisation; the administrator approves it")
            .WithExample(new RegisterOrganisation("Фонд «Рука помощи»", "1027700132195", "RU-MOW"));

    private static async Task<Results<Created<Registered>, ProblemHttpResult>> Handle(
        RegisterOrganisation command, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var ogrn = command.Ogrn.Trim();
        // Not a number that could be: it names no stream, and Decide says what is wrong with it.
        var stream = Ogrn.IsValid(ogrn) ? await session.Events.FetchForWriting<Organisation>(Ogrn.IdOf(ogrn), ct) : null;
        var decision = Decide(stream?.Aggregate, command, caller.Id, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream!.AppendMany(decision.Events);
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (Marten.Exceptions.ExistingStreamIdCollisionException) // Somebody was faster.
        {
            return AlreadyRegistered.ToProblem();
        }

        ETag.Set(http, (stream.StartingVersion ?? 0) + decision.Events.Count);
        return TypedResults.Created($"/api/v1/organisations/{stream.Id}", new Registered(stream.Id));
    }

    /// <summary>It stands in the documents of everybody who works there.</summary>
    internal static Refusal? CheckName(string name) => VocabularyRules.Printed("name", name, most: 300, least: 2);

    /// <summary>Pure. A refused organisation may be registered again, by whoever holds its papers.</summary>
    public static Decision Decide(Organisation? organisation, RegisterOrganisation command, Guid by, DateTimeOffset now)
    {
        var ogrn = command.Ogrn.Trim();
        var name = Text.Clean(command.Name) ?? "";
        if (Refusal.All(
            [
                CheckName(name),
                Ogrn.IsValid(ogrn) ? null : Refusal.Invalid("ogrn-invalid", "ogrn",
                    "The OGRN must have 13 digits; the first is 1 or 5 and the last is a check digit."),
                VocabularyRules.Region("region", command.Region),
            ]) is { } refusal)
        {
            return refusal;
        }

        return organisation switch
        {
            null => Decision.Append(new OrganisationRegistered(Ogrn.IdOf(ogrn), name, ogrn, command.Region, by, now)),
            { Status: OrganisationStatus.Refused } => Decision.Append(new OrganisationRegisteredAgain(organisation.Id, name, command.Region, by, now)),
            _ => AlreadyRegistered,
        };
    }
}
