using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Peer.Messaging;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Peer.Verification;

/// <summary><c>POST /api/v1/cases/{id}/confirmation</c>, with the body and the check of a signature that ours have; and the statement that is signed.</summary>
public sealed record ConfirmCase(string Signature)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/cases/{id:guid}/confirmation", HandleAsync).RequireAuthorization(Policies.Coordinator);
        routes.MapGet("/cases/{id:guid}/statement", StatementAsync).RequireAuthorization(Policies.Coordinator);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> StatementAsync(
        Guid id, Caller caller, VerificationContext database, CancellationToken ct) =>
        await FindAsync(id, caller, database.Cases.AsNoTracking(), database, ct) is { } found
            ? TypedResults.Bytes(found.Statement(), "application/json")
            : TypedResults.NotFound();

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        Guid id, ConfirmCase command, [FromHeader(Name = "If-Match")] string? expected, Caller caller, VerificationContext database, TimeProvider clock,
        CancellationToken ct)
    {
        if (await FindAsync(id, caller, database.Cases, database, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        if (expected != $"\"{found.Version}\"" || found.Status != "open")
        {
            return TypedResults.Problem("The case has changed.", statusCode: StatusCodes.Status412PreconditionFailed);
        }

        var now = clock.GetUtcNow();
        var keys = database.Set<SigningKey>().AsNoTracking().Where(key => key.OrganisationId == found.OrganisationId);
        if (CompactJws.Read(command.Signature) is not { Kid: { } kid } jws
            || await keys.SingleOrDefaultAsync(key => key.Kid == kid, ct) is not { RevokedAt: null } signing
            || signing.ValidFrom > now
            || jws.Verify(new PublicJwk(signing.X, signing.Y), found.Statement()) is not null)
        {
            return TypedResults.Problem("The signature does not confirm.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        (found.Status, found.Kid, found.Signature, found.DecidedAt, found.Version) = ("confirmed", kid, command.Signature, now, found.Version + 1);
        database.Note(found.Id, "confirmed", caller.Id, now);
        database.Publish(new CaseConfirmed(found.Id, found.EntryId, kid, command.Signature, caller.Id, now));
        await database.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    // One query: a case of an organisation that the caller may sign for.
    private static Task<Case?> FindAsync(Guid id, Caller caller, IQueryable<Case> cases, VerificationContext database, CancellationToken ct) =>
        cases.SingleOrDefaultAsync(
            found => found.Id == id
                && database.Set<Coordinator>().Any(coordinator => coordinator.OrganisationId == found.OrganisationId && coordinator.PersonId == caller.Id),
            ct);
}
