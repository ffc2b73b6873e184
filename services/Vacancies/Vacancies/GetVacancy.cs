using System.Text.Json.Serialization;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>A vacancy as everybody sees it: how many places are free, never who holds them.</summary>
/// <param name="Id">The vacancy.</param>
/// <param name="Version">The ETag's number: what <c>If-Match</c> takes.</param>
/// <param name="OrganisationId">The organisation that looks for volunteers.</param>
/// <param name="OrganisationName">Its public name.</param>
/// <param name="Title">Public title.</param>
/// <param name="Description">Public description.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Shifts">The shifts in the order given at publication.</param>
/// <param name="Status"><c>open</c> until the organisation closes it, even when its shifts are past.</param>
/// <param name="TakesApplications">Whether one can still apply: it is open, and a shift is not over.</param>
/// <param name="PublishedAt">UTC.</param>
/// <param name="ClosedAt">UTC.</param>
/// <param name="ClosureReason">Why it was closed, in the organisation's words.</param>
public sealed record VacancyView(
    Guid Id, int Version, Guid OrganisationId, string? OrganisationName, string Title, string Description, string TaskType, string Region,
    IReadOnlyList<ShiftView> Shifts, VacancyStatus Status, bool TakesApplications, DateTimeOffset PublishedAt, DateTimeOffset? ClosedAt, string? ClosureReason)
{
    public static VacancyView Of(Vacancy vacancy, string? organisation, DateTimeOffset now) => new(
        vacancy.Id, vacancy.Version, vacancy.OrganisationId, organisation, vacancy.Title, vacancy.Description, vacancy.TaskType, vacancy.Region,
        [.. vacancy.Shifts.Select(shift => ShiftView.Of(vacancy, shift, now))],
        vacancy.Status, vacancy.TakesApplications(now), vacancy.PublishedAt, vacancy.ClosedAt, vacancy.ClosureReason);
}

/// <summary>A shift of a vacancy as everybody sees it.</summary>
/// <param name="Id">What an application names.</param>
/// <param name="Start">Local date and time without an offset.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="Minutes">Planned length, minutes.</param>
/// <param name="Places">How many volunteers it takes.</param>
/// <param name="Free">How many places nobody holds.</param>
/// <param name="TakesApplications">Whether one can still apply to it; a full shift still takes applications, since places come free.</param>
/// <param name="Later">Of a start that the clock shows twice: whether the later one is meant.</param>
public sealed record ShiftView(
    Guid Id, DateTime Start, string Zone, int Minutes, int Places, int Free, bool TakesApplications,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Later = false)
{
    public static ShiftView Of(Vacancy vacancy, VacancyShift shift, DateTimeOffset now) => new(
        shift.Id, shift.Start, shift.Zone, shift.Minutes, shift.Places, vacancy.Free(shift),
        vacancy.Status == VacancyStatus.Open && !Vacancy.IsOver(shift, now), shift.Later);
}

/// <summary><c>GET /api/v1/vacancies/{id}</c>: a vacancy, open or closed, for everybody.</summary>
public static class GetVacancyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/vacancies/{id:guid}", Handle).AllowAnonymous().WithSummary("A vacancy, open or closed");

    private static async Task<Results<Ok<VacancyView>, NotFound>> Handle(
        Guid id, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Vacancy>(id, ct) is not { } vacancy)
        {
            return TypedResults.NotFound();
        }

        var organisation = await session.LoadAsync<Coordination>(vacancy.OrganisationId, ct);
        ETag.Set(http, vacancy.Version);
        return TypedResults.Ok(VacancyView.Of(vacancy, organisation?.Name, clock.GetUtcNow()));
    }
}
