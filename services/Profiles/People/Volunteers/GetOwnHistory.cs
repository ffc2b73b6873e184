using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>What a volunteer told about themself at some version, readable to nobody else.</summary>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Changed">Names of the fields that changed; null for the registration.</param>
/// <param name="Details">Name, birth date and contacts; null once erased.</param>
public sealed record ProfileChange(string Region, IReadOnlyList<string>? Changed, PersonalDetails? Details);

public static class GetOwnHistoryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/volunteers/me/history", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Every change to your profile, with date and author");

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Handle(
        Caller caller, HttpContext http, IQuerySession session, PersonKeys keys, CancellationToken ct)
    {
        var changes = await session.HistoryAsync(caller.Id, ct);
        if (changes.Count == 0)
        {
            return TypedResults.NotFound();
        }

        using var key = await keys.Find(caller.Id, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<Change>>([.. changes.Select(change => change with { Data = Opened(change.Data, key) })]);
    }

    private static object Opened(object data, PersonKey? key) => data switch
    {
        VolunteerRegistered registered => new ProfileChange(registered.Region, null, Open(registered.Personal, key)),
        VolunteerProfileChanged changed => new ProfileChange(changed.Region, changed.Changed, Open(changed.Personal, key)),
        _ => data,
    };

    private static PersonalDetails? Open(string personal, PersonKey? key) => key?.Open<PersonalDetails>(PersonalDetails.FieldSet, personal);
}
