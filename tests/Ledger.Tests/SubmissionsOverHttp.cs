using System.Net;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>What an organisation was asked with, for the service that knows who may see it.</summary>
[Trait("Feature", "F9")]
public sealed class SubmissionsOverHttp(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    private static readonly Guid Organisation = Guid.CreateVersion7();

    private HttpClient Services => ledger.Service.Client(ledger.Authority.MachineToken("services", "integration"));

    [Fact]
    public async Task what_was_said_with_a_submission_stays_as_it_was_whatever_is_said_later()
    {
        var volunteer = ledger.Volunteer();
        var id = await LogAsync(volunteer, "копал", [new("Письмо", "7", new DateOnly(2025, 5, 9), "https://files.example/7")]);
        await DecideAsync(
            (session, ct) => WhenCaseDecided.Returned(new CaseReturnedV1(CaseIds.Of(id, 1), id, 1, Organisation, DateTimeOffset.UtcNow), null!, session, ct));
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/corrections", Correction("копал и сажал"), 3)).ShouldBeAsync(HttpStatusCode.NoContent);
        (await SaidAsync($"{id}.1,{id}.2")).GetArrayLength().ShouldBe(1);
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/submission", version: 4)).ShouldBeAsync(HttpStatusCode.NoContent);

        var said = await SaidAsync($"{id}.1,{id}.2,{Guid.CreateVersion7()}.1,{id}.3");
        said.EnumerateArray().Select(one => (one.GetProperty("revision").GetInt32(), Description(one, "asked"))).ShouldBe([(1, "копал"), (2, "копал и сажал")]);
        said[0].GetProperty("asked").GetProperty("documents")[0].ToString()
            .ShouldBe("""{"title":"Письмо","number":"7","date":"2025-05-09","uri":"https://files.example/7"}""");
        said[1].GetProperty("asked").GetProperty("documents").GetArrayLength().ShouldBe(0);
        said[1].GetProperty("standing").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task of_an_amendment_it_is_what_is_asked_and_what_stood_when_it_was_asked()
    {
        var volunteer = ledger.Volunteer();
        var id = await LogAsync(volunteer, "копал", []);
        await DecideAsync((session, ct) => WhenCaseDecided.Confirmed(
            new CaseConfirmedV1(CaseIds.Of(id, 1), id, 1, Organisation, "kid", DateTimeOffset.UtcNow), null!, session, ct));
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/amendments", Correction("копал один"), 3)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/amendments", Correction("копал и сажал", 200), 4)).ShouldBeAsync(HttpStatusCode.NoContent);

        // What was only described anew asked nobody: it is what stands.
        var said = (await SaidAsync($"{id}.2"))[0];
        (Description(said, "asked"), Description(said, "standing")).ShouldBe(("копал и сажал", "копал один"));
        Description((await SaidAsync($"{id}.1"))[0], "asked").ShouldBe("копал");
    }

    [Fact]
    public async Task what_was_written_for_ones_own_eyes_stays_unseen_until_it_is_sent_again()
    {
        var (who, id) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var volunteer = ledger.Volunteer(who);
        var facts = new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(240)]).Facts();
        // As an earlier version stored it, which told the volunteer that only they see both.
        await DecideAsync((session, _) =>
        {
            session.Events.StartStream<Entry>(
                id,
                new EntryLogged(who, EntrySource.Volunteer, facts, "копал, хотя болел", DateTimeOffset.UtcNow, [new("Справка от врача")]),
                new EntrySubmitted(1, who, facts, DateTimeOffset.UtcNow));
            return Task.CompletedTask;
        });

        (await SaidAsync($"{id}.1"))[0].GetProperty("asked").ToString().ShouldBe("""{"description":null,"documents":[],"withheld":true}""");
        (await volunteer.GetJsonAsync($"/api/v1/entries/{id}")).GetProperty("wordsShown").GetBoolean().ShouldBeFalse();

        await DecideAsync((session, ct) => WhenCaseDecided.Confirmed(
            new CaseConfirmedV1(CaseIds.Of(id, 1), id, 1, Organisation, "kid", DateTimeOffset.UtcNow), null!, session, ct));
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/amendments", Correction("копал и сажал", 200), 3)).ShouldBeAsync(HttpStatusCode.NoContent);
        var said = (await SaidAsync($"{id}.2"))[0];
        Description(said, "asked").ShouldBe("копал и сажал");
        (Description(said, "standing"), said.GetProperty("standing").GetProperty("withheld").GetBoolean()).ShouldBe((null, true));

        await DecideAsync((session, ct) => WhenCaseDecided.Confirmed(
            new CaseConfirmedV1(CaseIds.Of(id, 2), id, 2, Organisation, "kid", DateTimeOffset.UtcNow), null!, session, ct));
        (await volunteer.GetJsonAsync($"/api/v1/entries/{id}")).GetProperty("wordsShown").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("x.1")]
    [InlineData("019a0000-0000-7000-8000-000000000001")]
    [InlineData("019a0000-0000-7000-8000-000000000001.1,")]
    public async Task what_is_asked_in_another_form_is_refused(string of) =>
        await (await Services.GetResponseAsync($"/submissions?of={of}")).ShouldBeAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task no_person_and_no_other_machine_is_answered()
    {
        var volunteer = ledger.Volunteer();
        var id = await LogAsync(volunteer, "копал", []);
        foreach (var caller in new[]
        {
            volunteer,
            ledger.Analyst(),
            ledger.Service.Client(ledger.Authority.MachineToken("org-x", "organisation")),
            ledger.Service.Client(ledger.Authority.PersonToken(Guid.CreateVersion7(), "administrator")),
        })
        {
            await (await caller.GetResponseAsync($"/submissions?of={id}.1")).ShouldBeAsync(HttpStatusCode.Forbidden);
        }

        await (await ledger.Service.Client().GetResponseAsync($"/submissions?of={id}.1")).ShouldBeAsync(HttpStatusCode.Unauthorized);
    }

    private static CorrectEntry Correction(string description, int minutes = 240) =>
        new("Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(minutes)], "Точнее", description);

    private static string? Description(JsonElement said, string which) => said.GetProperty(which).GetProperty("description").GetString();

    private static async Task<Guid> LogAsync(HttpClient volunteer, string description, IReadOnlyList<DocumentReference> documents) =>
        await (await volunteer.PostJsonAsync(
            "/api/v1/entries",
            new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(240)], description, true, Documents: documents))).IdAsync();

    private Task<JsonElement> SaidAsync(string of) => Services.GetJsonAsync($"/submissions?of={of}");

    private async Task DecideAsync(Func<IDocumentSession, CancellationToken, Task> decide)
    {
        await using var session = ledger.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        await decide(session, TestContext.Current.CancellationToken);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
