using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Names;

/// <summary>
/// <c>PUT /api/v1/people/me</c>: what somebody who acts for an organisation and keeps no book is called; the first time with <c>If-Match: "0"</c>. Their
/// colleagues and the administrator see it. Who has a book is called as it says, and changes the name there.
/// </summary>
/// <param name="Name">Each part of 1 to 100 characters.</param>
public sealed record GiveName(PersonName Name);

/// <summary>What the caller is called.</summary>
/// <param name="Name">Null where they never said, or were erased.</param>
/// <param name="HasBook">Whether the name is that of a book.</param>
/// <param name="Consent">Of a book's owner: the text by which they last consented to the processing of personal data; null where they were not asked.</param>
public sealed record OwnName(PersonName? Name, bool HasBook, string? Consent = null);

public static class GiveNameEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/people/me", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Give your name without starting a book")
            .WithExample(new GiveName(new PersonName("Петров", "Павел")));
        routes.MapGet("/people/me", Read).RequireAuthorization(Policies.Volunteer).WithSummary("Your name, with or without a book");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        GiveName command, ExpectedVersion expected, Caller caller, HttpContext http,
        IDocumentSession session, PersonKeys keys, TimeProvider clock, CancellationToken ct)
    {
        using var key = await keys.FindOrCreate(caller.Id, ct);
        var stream = await session.Events.FetchForWriting<NamedPerson>(NamedPerson.IdOf(caller.Id), ct);
        expected.Check(stream.CurrentVersion ?? 0);
        var decision = key is null ? Refusal.Conflict("erased", "This person's data was erased at their request.")
            : await session.LoadAsync<Volunteer>(caller.Id, ct) is not null
                ? Refusal.Conflict("name-in-book", "Your name is taken from your book; change it there.")
            : Decide(
                caller.Id, stream.Aggregate is { } known ? key.Open<PersonName>(NamedPerson.FieldSet, known.Personal) : null, command,
                name => key.Seal(NamedPerson.FieldSet, name), clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    /// <summary>Pure: <paramref name="seal"/> is all that knows the person's key.</summary>
    public static Decision Decide(Guid personId, PersonName? before, GiveName command, Func<PersonName, string> seal, DateTimeOffset now)
    {
        var (name, refusal) = PersonalDetails.Check(command.Name);
        return refusal is not null ? refusal : name == before ? Decision.Nothing : Decision.Append(new PersonNamed(personId, seal(name), now));
    }

    private static async Task<Ok<OwnName>> Read(Caller caller, HttpContext http, IQuerySession session, PersonKeys keys, CancellationToken ct)
    {
        var own = caller.Id;
        var name = (await session.NamesOfAsync(keys, [own], ct)).GetValueOrDefault(own);
        ETag.Set(http, (await session.LoadAsync<NamedPerson>(NamedPerson.IdOf(own), ct))?.Version ?? 0);
        http.Response.Headers.CacheControl = "no-store";
        var volunteer = await session.LoadAsync<Volunteer>(own, ct);
        return TypedResults.Ok(new OwnName(name, volunteer is not null, volunteer?.Consent?.Version));
    }
}
