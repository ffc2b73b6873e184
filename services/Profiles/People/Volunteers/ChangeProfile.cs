using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>PUT /api/v1/volunteers/me: what the caller tells about themself, as a whole. What is left out is taken away.</summary>
/// <param name="Name">Their name, each part of 1 to 100 characters.</param>
/// <param name="BirthDate">Their birth date; volunteers are 8 to 120 years old.</param>
/// <param name="Region">ISO 3166-2 code of the region they live in.</param>
/// <param name="Contacts">How to reach them, as far as they tell.</param>
public sealed record ChangeProfile(PersonName Name, DateOnly BirthDate, string Region, Contacts? Contacts = null);

public static class ChangeProfileEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/volunteers/me", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Change your profile")
            .WithExample(new ChangeProfile(
                new PersonName("Иванова", "Анна", "Петровна"), new DateOnly(1999, 1, 31), "RU-SPE", new Contacts("anna@example.org", "+79161234567")));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        ChangeProfile command, ExpectedVersion expected, Caller caller, HttpContext http,
        IDocumentSession session, PersonKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Volunteer>(caller.Id, ct);
        if (stream.Aggregate is not { } volunteer)
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        using var key = await keys.Find(caller.Id, ct);
        if (key is null)
        {
            return Refusal.Conflict("erased", "This person's data was erased at their request.").ToProblem();
        }

        var before = key.Open<PersonalDetails>(PersonalDetails.FieldSet, volunteer.Personal);
        var decision = Decide(volunteer, before, command, details => key.Seal(PersonalDetails.FieldSet, details), clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    /// <summary>Pure: <paramref name="before"/> was opened, and <paramref name="seal"/> is all that knows the person's key.</summary>
    public static Decision Decide(Volunteer volunteer, PersonalDetails before, ChangeProfile command, Func<PersonalDetails, string> seal, DateTimeOffset now)
    {
        var (details, refusal) = PersonalDetails.Check(command.Name, command.BirthDate, command.Region, command.Contacts, now);
        if (refusal is not null)
        {
            return refusal;
        }

        List<string> changed = [];
        if (details.Name != before.Name)
        {
            changed.Add("name");
        }

        if (details.BirthDate != before.BirthDate)
        {
            changed.Add("birthDate");
        }

        if (command.Region != volunteer.Region)
        {
            changed.Add("region");
        }

        if (details.Contacts != before.Contacts)
        {
            changed.Add("contacts");
        }

        return changed.Count == 0
            ? Decision.Nothing
            : Decision.Append(new VolunteerProfileChanged(volunteer.Id, command.Region, changed, seal(details), now));
    }
}
