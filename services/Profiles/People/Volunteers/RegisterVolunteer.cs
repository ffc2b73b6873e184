using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>POST /api/v1/volunteers: the caller becomes a volunteer.</summary>
/// <param name="Name">Their name, each part of 1 to 100 characters.</param>
/// <param name="BirthDate">Their birth date; volunteers are 8 to 120 years old.</param>
/// <param name="Region">ISO 3166-2 code of the region they live in.</param>
/// <param name="Contacts">How to reach them, as far as they tell.</param>
/// <param name="Consent">
/// The text by which they consent to the processing of their personal data: one of <see cref="ConsentTexts"/>. Without it, it was asked for elsewhere; the
/// portal asks again.
/// </param>
public sealed record RegisterVolunteer(PersonName Name, DateOnly BirthDate, string Region, Contacts? Contacts = null, string? Consent = null);

public static class RegisterVolunteerEndpoint
{
    private static readonly Refusal AlreadyRegistered = Refusal.Conflict("already-registered", "This person is already registered as a volunteer.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/volunteers", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Become a volunteer")
            .WithExample(new RegisterVolunteer(
                new PersonName("Иванова", "Анна", "Петровна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("anna@example.org", "+79161234567"),
                ConsentTexts.Current));

    private static async Task<Results<Created<Registered>, ProblemHttpResult>> Handle(
        RegisterVolunteer command, Caller caller, HttpContext http, IDocumentSession session, PersonKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Volunteer>(caller.Id, ct);
        using var key = await keys.FindOrCreate(caller.Id, ct);
        if (key is null)
        {
            return Refusal.Conflict("erased", "This person's data was erased at their request.").ToProblem();
        }

        var decision = Decide(stream.Aggregate, caller.Id, command, details => key.Seal(PersonalDetails.FieldSet, details), clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (Marten.Exceptions.ExistingStreamIdCollisionException) // Somebody was faster.
        {
            return AlreadyRegistered.ToProblem();
        }

        ETag.Set(http, decision.Events.Count);
        return TypedResults.Created("/api/v1/volunteers/me", new Registered(caller.Id));
    }

    /// <summary>Pure: <paramref name="seal"/> is all that knows the person's key.</summary>
    public static Decision Decide(Volunteer? volunteer, Guid personId, RegisterVolunteer command, Func<PersonalDetails, string> seal, DateTimeOffset now)
    {
        if (volunteer is not null)
        {
            return AlreadyRegistered;
        }

        var (details, refusal) = PersonalDetails.Check(command.Name, command.BirthDate, command.Region, command.Contacts, now);
        refusal = Refusal.All([refusal, command.Consent is { } version ? GiveConsentEndpoint.Check("consent", version) : null]);
        if (refusal is not null)
        {
            return refusal;
        }

        var registered = new VolunteerRegistered(personId, command.Region, seal(details), now);
        return command.Consent is { } given ? Decision.Append(registered, new ConsentGiven(personId, given, now)) : Decision.Append(registered);
    }
}
