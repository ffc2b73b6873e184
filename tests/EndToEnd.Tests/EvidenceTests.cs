using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Every way to a confirmation ends in the book with its grade, and in an extract that a stranger's check accepts.</summary>
[Collection(RunningSystem.Shared)]
public sealed class EvidenceTests(RunningSystem running)
{
    [Fact]
    [Trait("Feature", "F11")]
    [Trait("Feature", "F15")]
    [Trait("Feature", "N8")]
    public async Task a_sheet_a_manifest_less_than_submitted_and_a_settled_dispute_reach_the_book_and_the_extract()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var name = AWorld.NextVolunteer();
        var volunteer = nobody.Person(name);
        await volunteer.RegisterVolunteerAsync(new NewVolunteer(
            new PersonName("Свидетелева", "Ева"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("eva@example.org")));
        await Eventually.Is(async () => await world.Coordinator.PutAsync(
            $"confirmation-rules/{world.Organisation.Id}", new { matching = new { withinMinutes = 5, confirmByItself = true } }, etag: "\"0\""));

        // Found in a signed attendance sheet that confirms by itself: logged before it, and from a proposal after it.
        var before = await LogAsync(volunteer, world, 1);
        var rows = Enumerable.Range(1, 2)
            .Select(day => new { volunteer_id = DemoAccounts.Id(name), start = $"2025-03-0{day + 1}T10:00", zone = "Europe/Moscow", minutes = 118 });
        var sheet = (await world.Coordinator.PostAsync<Made>($"sheets?organisationId={world.Organisation.Id}", rows)).Id;
        var toSign = (await world.Coordinator.GetAsync($"sheets/{sheet}/statement")).Body;
        await Eventually.Is(async () => (await world.Coordinator.SendAsync(
            HttpMethod.Post, $"sheets/{sheet}/signature", new { signature = world.Key.Sign(toSign.Span) },
            etag: (await world.Coordinator.GetAsync($"sheets/{sheet}")).ETag)).Success());
        (await IsAsync(volunteer, before, "confirmed")).GetProperty("grade").GetString().ShouldBe("signed");
        var proposal = (await volunteer.GetAsync<JsonElement>("proposals")).EnumerateArray().ShouldHaveSingleItem();
        proposal.GetProperty("shift").GetProperty("start").GetString().ShouldBe("2025-03-03T10:00:00");
        var claimed = await LogAsync(volunteer, world, 2);
        await IsAsync(volunteer, claimed, "confirmed");
        (await volunteer.GetAsync<JsonElement>("proposals")).GetArrayLength().ShouldBe(0);

        // Two by one signature.
        Guid[] two = [await LogAsync(volunteer, world, 3), await LogAsync(volunteer, world, 4)];
        var caseIds = two.Select(entry => CaseIds.Of(entry, 1)).ToArray();
        foreach (var id in caseIds)
        {
            await world.Coordinator.CaseAsync(id);
        }

        var manifest = (await world.Coordinator.PostAsync<JsonElement>("manifests", new { organisationId = world.Organisation.Id, caseIds }))
            .GetProperty("statement").GetString()!;
        await world.Coordinator.PostAsync(
            "confirmations", new { organisationId = world.Organisation.Id, caseIds, signature = world.Key.Sign(Encoding.UTF8.GetBytes(manifest)) });

        // Less than was submitted, disputed, and settled: what the administrator grants bears no signature.
        var disputed = await LogAsync(volunteer, world, 5);
        var path = $"cases/{CaseIds.Of(disputed, 1)}";
        await world.Coordinator.CaseAsync(CaseIds.Of(disputed, 1));
        var shifts = new[] { new Shift(new DateTime(2025, 3, 6, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 60) };
        var less = (await world.Coordinator.PostAsync($"{path}/statement", new { shifts })).Body;
        await world.Coordinator.PostAsync(
            $"{path}/confirmation", new { signature = world.Key.Sign(less.Span), shifts, reason = "По журналу час" }, etag: "\"1\"");
        var part = await IsAsync(volunteer, disputed, "confirmed");
        (part.GetProperty("minutes").GetInt32(), part.GetProperty("claimedMinutes").GetInt32(), part.GetProperty("grade").GetString())
            .ShouldBe((60, 120, "signed"));
        await CheckedAsync(volunteer, nobody, signed: 5, of: 5);
        await volunteer.PostAsync($"{path}/dispute", new { text = "Я работала два часа" }, etag: "\"2\"");
        await nobody.Person(DemoAccounts.Admin).PostAsync($"{path}/dispute/settlement", new { outcome = "confirmed", reason = "Два свидетеля" }, etag: "\"3\"");
        await Eventually.Is(async () =>
        {
            var settled = await volunteer.GetAsync<JsonElement>($"entries/{disputed}");
            (settled.GetProperty("minutes").GetInt32(), settled.GetProperty("grade").GetString(), settled.GetProperty("status").GetString())
                .ShouldBe((120, "confirmed", "confirmed"));
        });

        var grades = (await volunteer.GetAsync<JsonElement>("book")).GetProperty("totals").GetProperty("grades");
        (grades.GetProperty("signed").GetInt64(), grades.GetProperty("confirmed").GetInt64()).ShouldBe((480, 120));
        await CheckedAsync(volunteer, nobody, signed: 4, of: 5);
        (await volunteer.GetAsync<JsonElement>("book/replay")).GetProperty("same").GetBoolean().ShouldBeTrue();
        await Eventually.Is(async () => (await nobody.GetAsync<Statistics>($"statistics?organisationId={world.Organisation.Id}")).Minutes.ShouldBe(600));
    }

    // The service stops looking where the gateway goes on sending.
    [Theory]
    [InlineData(20 * 1024 * 1024 + 1)]
    [InlineData(40 * 1024 * 1024)]
    public async Task whoever_sends_too_long_a_file_to_be_checked_hears_so(int length)
    {
        using var nobody = await running.NobodyAsync();
        using var file = new ByteArrayContent([.. "%PDF-"u8, .. new byte[length - 5]]);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        var refused = await nobody.SendAsync(HttpMethod.Post, "checks", file);
        refused.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        refused.Text.ShouldContain("256 KiB otherwise");
    }

    private static async Task<Guid> LogAsync(Api volunteer, AWorld world, int day) =>
        (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day))).Id;

    private static Task<JsonElement> IsAsync(Api volunteer, Guid entry, string status) => Eventually.Value(async () =>
    {
        var found = await volunteer.GetAsync<JsonElement>($"entries/{entry}");
        return found.GetProperty("status").GetString() == status ? found : throw new NotYetException(found.GetRawText());
    });

    private static async Task CheckedAsync(Api volunteer, Api nobody, int signed, int of)
    {
        var extract = (await volunteer.PostAsync<Made>("extracts", new { language = "ru" })).Id;
        using var file = new ByteArrayContent((await volunteer.GetAsync($"extracts/{extract}/file")).Body.ToArray());
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        var check = (await nobody.SendAsync(HttpMethod.Post, "checks", file)).Success().Read<JsonElement>();
        check.GetProperty("valid").GetBoolean().ShouldBeTrue(check.GetRawText());
        check.GetProperty("file").GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("about").GetString() == "organisations")
            .GetProperty("text").GetString()!.ShouldStartWith($"{signed} of {of}");
    }
}
