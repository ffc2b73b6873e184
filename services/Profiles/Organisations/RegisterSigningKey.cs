using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Organisations;

/// <summary>POST /api/v1/organisations/{id}/keys: the organisation may sign with this key.</summary>
/// <param name="Name">What its coordinators call the key, 1 to 100 characters.</param>
/// <param name="Jwk">The public half of a P-256 pair.</param>
/// <param name="ValidFrom">First instant at which a signature by it counts; now, when left out. At most a day ago.</param>
/// <param name="ValidUntil">First instant at which it no longer counts; no end, when left out.</param>
public sealed record RegisterSigningKey(string Name, Jwk Jwk, DateTimeOffset? ValidFrom = null, DateTimeOffset? ValidUntil = null);

/// <summary>The thumbprint (RFC 7638) by which signatures name the key.</summary>
public sealed record SigningKeyId(string Kid);

public static class RegisterSigningKeyEndpoint
{
    private const int MostKeys = 100;

    private static readonly Refusal AlreadyRegistered = Refusal.Conflict("key-already-registered", "This key is or was registered already; make a new pair.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/keys", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Register the public half of a signing key")
            // The key of RFC 7517, appendix A.1.
            .WithExample(new RegisterSigningKey("Ноутбук в приёмной", new Jwk(
                "EC", "P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")));

    private static async Task<Results<Created<SigningKeyId>, NotFound, ProblemHttpResult>> Handle(
        Guid id, RegisterSigningKey command, ExpectedVersion expected, Caller caller, HttpContext http,
        IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stream = await session.Events.FetchForWriting<Organisation>(id, ct);
        if (stream.Aggregate is not { } organisation || !organisation.MaySignBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var kid = command.Jwk.Thumbprint();
        var decision = Decide(organisation, command, await session.LoadAsync<KnownKey>(kid, ct), now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (JasperFx.DocumentAlreadyExistsException)
        {
            // Another organisation registered it at the same time.
            return AlreadyRegistered.ToProblem();
        }

        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.Created($"/api/v1/organisations/{id}/keys", new SigningKeyId(kid));
    }

    /// <summary>Pure. <paramref name="known"/> is the key where any organisation has registered it: a signature must point to one organisation only.</summary>
    public static Decision Decide(Organisation organisation, RegisterSigningKey command, KnownKey? known, DateTimeOffset now)
    {
        var from = command.ValidFrom?.ToUniversalTime() ?? now;
        var until = command.ValidUntil?.ToUniversalTime();
        if (Refusal.All(
            [
                Text.Line("name", command.Name, 100),
                command.Jwk.Check("jwk"),
                command.ValidFrom is not null && from < now.AddDays(-1) ? Refusal.Invalid("validity-backdated", "validFrom", "At most a day ago") : null,
                until <= from ? Refusal.Invalid("validity-empty", "validUntil", "After the beginning") : null,
                until <= now ? Refusal.Invalid("validity-over", "validUntil", "In the future") : null,
            ]) is { } refusal)
        {
            return refusal;
        }

        if (organisation.Status != OrganisationStatus.Approved)
        {
            return Refusal.Conflict("organisation-not-approved", "Only an approved organisation has keys.");
        }

        var kid = command.Jwk.Thumbprint();
        if (known is not null || organisation.Keys.Any(key => key.Kid == kid))
        {
            return AlreadyRegistered;
        }

        return organisation.Keys.Count(key => key.RevokedAt is null && !(key.ValidUntil <= now)) >= MostKeys
            ? Refusal.Conflict("too-many-keys", $"An organisation has at most {MostKeys} keys in force; revoke one first.")
            : Decision.Append(new SigningKeyRegistered(organisation.Id, kid, Text.Clean(command.Name)!, command.Jwk.X, command.Jwk.Y, from, until, now));
    }
}
