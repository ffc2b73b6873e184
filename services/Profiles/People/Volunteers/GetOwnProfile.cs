using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A volunteer as they see themself.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Name">Null once erased.</param>
/// <param name="BirthDate">Null once erased.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Contacts">Null once erased.</param>
/// <param name="RegisteredAt">UTC.</param>
/// <param name="Erased">The person's key was destroyed: nobody can read the rest any more.</param>
/// <param name="NotWritten">
/// Characters of the name that no document can write, with spaces between: an extract would be refused as
/// <c>characters-not-written</c>. Null where all can be written.
/// </param>
/// <param name="Consent">Their last consent to the processing of personal data; null where they were not asked.</param>
public sealed record OwnProfile(
    Guid Id, PersonName? Name, DateOnly? BirthDate, string Region, Contacts? Contacts, DateTimeOffset RegisteredAt, bool Erased, string? NotWritten = null,
    Consent? Consent = null);

public static class GetOwnProfileEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/volunteers/me", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("Your profile");

    private static async Task<Results<Ok<OwnProfile>, NotFound>> Handle(
        Caller caller, HttpContext http, IQuerySession session, PersonKeys keys, CancellationToken ct)
    {
        if (await session.LoadAsync<Volunteer>(caller.Id, ct) is not { } volunteer)
        {
            return TypedResults.NotFound();
        }

        using var key = await keys.Find(caller.Id, ct);
        var details = key?.Open<PersonalDetails>(PersonalDetails.FieldSet, volunteer.Personal);
        ETag.Set(http, volunteer.Version);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new OwnProfile(
            volunteer.Id, details?.Name, details?.BirthDate, volunteer.Region, details?.Contacts, volunteer.RegisteredAt, Erased: details is null,
            Writing.Missing("name", details?.Name.ToString())?.Listed, volunteer.Consent));
    }
}
