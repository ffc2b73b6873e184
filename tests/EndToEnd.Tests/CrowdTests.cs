using System.Net;
using Shouldly;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>
/// Four hundred changes at once by one person, in one service after another: all share a server of PostgreSQL, and what
/// one of them takes is missing in the next.
/// </summary>
[Collection(RunningSystem.Shared)]
public sealed class CrowdTests(RunningSystem running)
{
    private const int AtOnce = 400;

    [Fact]
    [Trait("Feature", "N2")]
    public async Task four_hundred_changes_at_once_break_no_service_and_keep_nobody_from_reading()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        var bystander = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        var shift = new NewVacancyShift(DateTime.SpecifyKind(DateTime.UtcNow.AddDays(2), DateTimeKind.Unspecified), "Etc/UTC", 60, 5);
        var offer = new NewVacancy(world.Organisation.Id, "Дежурство", "По заявкам", "D12", "RU-MOW", [shift]);
        var made = await Eventually.Value(() => world.Coordinator.PostAsync<EntryReceipt>("vacancies", offer));
        var vacancy = await world.Coordinator.GetAsync<Vacancy>($"vacancies/{made.Id}");
        var profile = new NewVolunteer(new PersonName("Иванова", "Анна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(null));
        var entry = new NewEntry(world.Organisation.Id, "Забота рядом", "D12", "RU-MOW", [new(new DateTime(2025, 5, 9, 10, 0, 0), "Europe/Moscow", 60)]);
        var rules = (await Eventually.Value(() => world.Coordinator.GetAsync($"confirmation-rules/{world.Organisation.Id}"))).ETag;

        (await AtOnceAsync(() => volunteer.SendAsync(HttpMethod.Post, "volunteers", profile, Key()), () => bystander.GetAsync("volunteers/me")))
            .ShouldBe([HttpStatusCode.Conflict]);
        (await AtOnceAsync(() => volunteer.SendAsync(HttpMethod.Post, "entries", entry, Key()), () => bystander.GetAsync("book")))
            .ShouldBe([HttpStatusCode.Created]);
        (await AtOnceAsync(
            () => world.Coordinator.SendAsync(HttpMethod.Put, $"confirmation-rules/{world.Organisation.Id}", new { decideWithinDays = 5 }, etag: rules),
            () => bystander.GetAsync("reviews/mine"))).ShouldBe([HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed], ignoreOrder: true);
        (await AtOnceAsync(
            () => volunteer.SendAsync(HttpMethod.Post, $"vacancies/{vacancy.Id}/applications", new NewApplication(null, [vacancy.Shifts[0].Id]), Key()),
            () => bystander.GetAsync("applications"))).ShouldBe([HttpStatusCode.Created, HttpStatusCode.Conflict], ignoreOrder: true);
    }

    private static string Key() => Guid.NewGuid().ToString();

    // The kinds of answers; those that were asked to come later are of the gateway's limit, and no service saw them.
    private static async Task<IEnumerable<HttpStatusCode>> AtOnceAsync(Func<Task<Reply>> change, Func<Task<Reply>> read)
    {
        var all = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => change()));
        do
        {
            await read();
        }
        while (!all.IsCompleted);
        return (await all).Select(reply => reply.Status).Where(status => status != HttpStatusCode.TooManyRequests).Distinct();
    }
}
