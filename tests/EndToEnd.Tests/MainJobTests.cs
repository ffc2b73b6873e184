using System.Net;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>A volunteer logs hours, the organisation confirms them by signature, book, history and statistics change, an analyst replays.</summary>
[Collection(RunningSystem.Shared)]
public sealed class MainJobTests(RunningSystem running)
{
    [Fact]
    [Trait("Feature", "F15")]
    [Trait("Feature", "F10")]
    public async Task hours_are_logged_confirmed_by_signature_counted_and_replayed()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();

        var entry = await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(minutes: 150), Guid.NewGuid().ToString());
        var caseId = CaseIds.Of(entry.Id, 1);
        await world.Coordinator.CaseAsync(caseId);
        await world.Coordinator.ConfirmAsync(caseId, world.Key);

        await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry.Id}")).Status.ShouldBe("confirmed"));
        (await volunteer.GetAsync<IReadOnlyList<Change>>($"entries/{entry.Id}/history")).Select(change => change.Type)
            .ShouldBe(["entry_logged", "entry_submitted", "entry_confirmed"]);
        await Eventually.Is(async () => (await nobody.GetAsync<Statistics>($"statistics?organisationId={world.Organisation.Id}")).Minutes.ShouldBe(150));
        var analyst = nobody.Person(DemoAccounts.Analyst);
        await Eventually.Is(async () => (await analyst.LinesAsync($"events/ledger?stream={entry.Id}").ToListAsync()).Count.ShouldBe(3));
    }

    [Fact]
    [Trait("Feature", "F25")]
    public async Task a_shift_worked_at_a_vacancy_appears_in_the_book_by_itself()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        var start = AWorld.AnHourAgoInMoscow();
        Made? published = null;
        // Vacancies learns of the coordinator from Profiles' events.
        await Eventually.Is(async () => published = await world.Coordinator.PostAsync<Made>("vacancies",
            new NewVacancy(world.Organisation.Id, "Помощь в приюте", "Выгул собак", "E21", "RU-MOW", [new NewVacancyShift(start, "Europe/Moscow", 180, 5)])));
        var vacancy = await nobody.GetAsync<Vacancy>($"vacancies/{published!.Id}");
        var application = await volunteer.PostAsync($"vacancies/{vacancy.Id}/applications", new NewApplication("Хочу помочь", [vacancy.Shifts[0].Id]));
        var id = application.Read<Made>().Id;
        var accepted = await world.Coordinator.PostAsync($"applications/{id}/acceptance", etag: (await world.Coordinator.GetAsync($"applications/{id}")).ETag);
        await world.Coordinator.PostAsync($"applications/{id}/attendance", new Attendance(vacancy.Shifts[0].Id, 50), etag: accepted.ETag);

        await Eventually.Is(async () =>
        {
            var book = await volunteer.GetAsync<Book>($"book?organisationId={world.Organisation.Id}");
            book.Items.ShouldHaveSingleItem().Minutes.ShouldBe(50);
            book.Items[0].Status.ShouldBe("submitted");
        });
    }

    [Fact]
    public async Task inner_addresses_are_not_to_be_had_from_outside()
    {
        using var nobody = await running.NobodyAsync();
        foreach (var path in new[] { "/integration-events", "/api/v1/integration-events", "/api/v1/events/identity", "/openapi/v2.json" })
        {
            (await nobody.SendAsync(HttpMethod.Get, path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }
}
