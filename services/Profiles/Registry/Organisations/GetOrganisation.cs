using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>An organisation as lists show it.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ogrn">Its ОГРН.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Reason">Why it was refused, or is suspended; null unless it is, and a suspension's for everybody but those who see it in full.</param>
/// <param name="SuspendedAt">Since when it is suspended, UTC; null unless it is.</param>
public sealed record OrganisationView(
    Guid Id, string Name, string Ogrn, string Region, OrganisationStatus Status, string? Reason, DateTimeOffset? SuspendedAt = null)
{
    /// <summary>As everybody sees it.</summary>
    internal static OrganisationView Of(Organisation organisation) => new(
        organisation.Id, organisation.Name, organisation.Ogrn, organisation.Region, organisation.Status, organisation.RefusalReason,
        organisation.Suspension?.At);

    /// <summary>As its coordinators, who registered it and the administrator see it.</summary>
    internal static OrganisationView InFull(Organisation organisation) =>
        Of(organisation) with { Reason = organisation.RefusalReason ?? organisation.Suspension?.Reason };
}

/// <summary>GET /api/v1/organisations/{id}: for everybody once approved, before that for who registered it and the administrator.</summary>
public static class GetOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}", Handle).AllowAnonymous().WithSummary("An organisation");

    private static async Task<Results<Ok<OrganisationView>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation)
        {
            return TypedResults.NotFound();
        }

        var inFull = organisation.MayBeSeenInFullBy(caller, clock.GetUtcNow());
        if (!inFull && organisation.Status != OrganisationStatus.Approved)
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, organisation.Version);
        return TypedResults.Ok(inFull ? OrganisationView.InFull(organisation) : OrganisationView.Of(organisation));
    }
}
