using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>An organisation that signs under ГОСТ Р 34.10-2012: from its certificate to an extract that a stranger checks (F15).</summary>
[Collection(RunningSystem.Shared)]
public sealed class GostTests(RunningSystem running)
{
    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_gost_signature_confirms_and_stands_in_an_extract()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var signer = GostSigner.New("CN=АНО «Тёплый дом»", GostSigner.New("CN=Удостоверяющий центр", null, from, until), from, until);
        var asked = await world.Coordinator.GetAsync($"organisations/{world.Organisation.Id}/keys/statement");
        var proof = new { signature = Convert.ToBase64String(signer.Sign(asked.Body.ToArray())), statement = Encoding.UTF8.GetString(asked.Body.Span) };
        await world.Coordinator.PostAsync(
            $"organisations/{world.Organisation.Id}/keys", new { name = "Токен", certificate = signer.Base64, proof }, etag: asked.ETag);
        var volunteer = nobody.Person(AWorld.NextVolunteer());
        await volunteer.RegisterVolunteerAsync(new NewVolunteer(
            new PersonName("Гостева", "Зоя"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("zoya@example.org")));
        var entry = (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry())).Id;

        // Verification hears of the certificate from Profiles; until then it is unknown.
        await Eventually.Is(async () =>
        {
            var (found, etag) = await world.Coordinator.CaseAsync(CaseIds.Of(entry, 1));
            var signature = Convert.ToBase64String(signer.Sign(Encoding.UTF8.GetBytes(found.Statement)));
            (await world.Coordinator.SendAsync(HttpMethod.Post, $"cases/{found.Id}/confirmation", new { signature }, etag: etag)).Success();
        });
        await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));

        var extract = (await volunteer.PostAsync<Made>("extracts", new { language = "ru" })).Id;
        using var file = new ByteArrayContent((await volunteer.GetAsync($"extracts/{extract}/file")).Body.ToArray());
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        var check = (await nobody.SendAsync(HttpMethod.Post, "checks", file)).Success().Read<JsonElement>();
        check.GetProperty("valid").GetBoolean().ShouldBeTrue(check.GetRawText());
        check.GetProperty("file").GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("about").GetString() == "organisation").GetProperty("text").GetString()!
            .ShouldContain("CN=АНО «Тёплый дом»");
    }
}
