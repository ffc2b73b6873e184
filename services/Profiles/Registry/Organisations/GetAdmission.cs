using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>How an organisation came to be admitted or refused, for the administrator who answers for it.</summary>
/// <param name="Organisation">What it is, and its state.</param>
/// <param name="AskedBy">Who asked, the last time: the subject of their tokens.</param>
/// <param name="AskedAt">When, UTC.</param>
/// <param name="Decision">What the administrator said to that; null while it waits.</param>
/// <param name="People">Everybody who ever changed something about the organisation, who asked among them.</param>
public sealed record Admission(
    OrganisationView Organisation, Guid AskedBy, DateTimeOffset AskedAt, AdmissionDecision? Decision, IReadOnlyList<Actor> People);

/// <summary>An administrator's decision on an organisation's request.</summary>
/// <param name="Approved">Approved, or refused.</param>
/// <param name="By">The administrator; null where no person is recorded.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why it was refused; null for an approval.</param>
public sealed record AdmissionDecision(bool Approved, Guid? By, DateTimeOffset At, string? Reason);

/// <summary>Somebody who acted on an organisation.</summary>
/// <param name="PersonId">The subject of their tokens.</param>
/// <param name="Name">Family name, given name, patronymic; null where they have said none, or were erased.</param>
public sealed record Actor(Guid PersonId, string? Name);

/// <summary>GET /api/v1/organisations/{id}/admission: who acts on an organisation is known by name to the administrator.</summary>
public static class GetAdmissionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/admission", Handle)
            .RequireAuthorization(Policies.Administrator)
            .WithSummary("Who asked for an organisation's admission and who decided on it, with the names of all who acted on it");

    private static async Task<Results<Ok<Admission>, NotFound>> Handle(
        Guid id, HttpContext http, IQuerySession session, INames names, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation)
        {
            return TypedResults.NotFound();
        }

        var changes = await session.HistoryAsync(id, ct);
        Guid[] people = [.. changes.Select(Author).OfType<Guid>().Append(organisation.RegisteredBy).Distinct()];
        var called = await names.OfAsync(session, people, ct);
        ETag.Set(http, organisation.Version);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Admission(
            OrganisationView.InFull(organisation), organisation.RegisteredBy, organisation.RegisteredAt, Decided(organisation, changes),
            [.. people.Select(person => new Actor(person, called.GetValueOrDefault(person)))]));
    }

    // An earlier refusal says nothing about a request that waits again.
    private static AdmissionDecision? Decided(Organisation organisation, IReadOnlyList<Change> changes) =>
        organisation.Status != OrganisationStatus.Pending
        && changes.LastOrDefault(change => change.Data is OrganisationApproved or OrganisationRefused) is { } last
            ? new AdmissionDecision(last.Data is OrganisationApproved, Author(last), last.At, (last.Data as OrganisationRefused)?.Reason)
            : null;

    private static Guid? Author(Change change) => Guid.TryParse(change.By, out var person) ? person : null;
}
