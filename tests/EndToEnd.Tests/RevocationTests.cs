using System.Buffers.Text;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>An organisation takes a confirmation back: whatever depended on it says so within a minute (N10).</summary>
[Collection(RunningSystem.Shared)]
public sealed class RevocationTests(RunningSystem running)
{
    private const string Agency = "agency_taxation";
    private static readonly TimeSpan AMinute = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("Feature", "N10")]
    public async Task a_revocation_reaches_totals_points_the_check_the_status_list_and_the_webhook_within_a_minute()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = nobody.Person(AWorld.NextVolunteer());
        await volunteer.RegisterVolunteerAsync(new NewVolunteer(
            new PersonName("Отзывова", "Рада"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("rada@example.org")));
        await Eventually.Is(async () => await world.Coordinator.PutAsync(
            $"confirmation-rules/{world.Organisation.Id}",
            new { points = new { perHour = 3, levels = Array.Empty<object>(), programmes = Array.Empty<object>() } }, etag: "\"0\""));
        var agency = await AgencyAsync(nobody, volunteer);
        var kept = await ConfirmedAsync(volunteer, world, 1);
        var revoked = await ConfirmedAsync(volunteer, world, 2);

        var extract = await volunteer.PostAsync<JsonElement>("extracts", new { language = "ru" });
        var file = (await volunteer.GetAsync($"extracts/{extract.GetProperty("id").GetGuid()}/file")).Body.ToArray();
        var number = extract.GetProperty("number").GetString();
        (await nobody.GetAsync<JsonElement>($"checks/{number}")).GetProperty("valid").GetBoolean().ShouldBeTrue();
        var (list, place) = StatusOf(Encoding.ASCII.GetString((await volunteer.GetAsync($"entries/{revoked}/credential")).Body.Span));
        (await IsRevokedAsync(nobody, list, place)).ShouldBeFalse();
        await Eventually.Is(async () => (await StandsAsync(volunteer, nobody, world)).ShouldBe((240, 12, 240)));

        var case2 = CaseIds.Of(revoked, 1);
        // As long as a reason may be: no address takes that.
        var reason = "Смену записали не тому волонтёру".PadRight(2000, '!');
        var statement = (await world.Coordinator.PostAsync($"cases/{case2}/revocation-statement", new { reason })).Body;
        await world.Coordinator.PostAsync(
            $"cases/{case2}/revocation",
            new { reason, signature = world.Key.Sign(statement.Span) },
            etag: (await world.Coordinator.CaseAsync(case2)).ETag);

        await Eventually.Is(async () => (await StandsAsync(volunteer, nobody, world)).ShouldBe((120, 6, 120)), AMinute);
        await Eventually.Is(async () => (await IsRevokedAsync(nobody, list, place)).ShouldBeTrue(), AMinute);
        await Eventually.Is(
            async () =>
            {
                var known = (await nobody.GetAsync<JsonElement>($"checks/{number}")).GetProperty("issued");
                known.GetProperty("stands").GetBoolean().ShouldBeFalse();
                known.GetProperty("changed").GetArrayLength().ShouldBe(1);
            },
            AMinute);
        using var handedIn = new ByteArrayContent(file);
        handedIn.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        var check = (await nobody.SendAsync(HttpMethod.Post, "checks", handedIn)).Success().Read<JsonElement>();
        (check.GetProperty("valid").GetBoolean(), check.GetProperty("issued").GetProperty("stands").GetBoolean()).ShouldBe((false, false));
        await Eventually.Is(
            async () => (await agency.GetAsync<JsonElement>("agency/deliveries"))
                .GetProperty("items").EnumerateArray().Count(delivery => delivery.GetProperty("type").GetString() == "entry.revoked").ShouldBe(1),
            AMinute);

        // What was not revoked stands with all that depends on it.
        (await volunteer.GetAsync<Entry>($"entries/{kept}")).Status.ShouldBe("confirmed");
        var (keptList, keptPlace) = StatusOf(Encoding.ASCII.GetString((await volunteer.GetAsync($"entries/{kept}/credential")).Body.Span));
        (await IsRevokedAsync(nobody, keptList, keptPlace)).ShouldBeFalse();
    }

    /// <summary>Minutes that are confirmed in the book, points, and minutes in the open statistics.</summary>
    private static async Task<(long Book, long Points, long Statistics)> StandsAsync(Api volunteer, Api nobody, AWorld world)
    {
        var totals = (await volunteer.GetAsync<JsonElement>("book")).GetProperty("totals");
        return (
            totals.GetProperty("grades").GetProperty("signed").GetInt64(), totals.GetProperty("points").GetInt64(),
            (await nobody.GetAsync<Statistics>($"statistics?organisationId={world.Organisation.Id}")).Minutes);
    }

    private static async Task<Guid> ConfirmedAsync(Api volunteer, AWorld world, int day)
    {
        var entry = (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day))).Id;
        await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
        await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        return entry;
    }

    /// <summary>An agency with a webhook where nobody listens, and the volunteer's grant.</summary>
    private async Task<Api> AgencyAsync(Api nobody, Api volunteer)
    {
        var agency = nobody.Machine(Agency, (await running.SystemAsync()).Secrets.AgencyClient(Agency), "agency");
        var purpose = new { code = "deduction", description = new { russian = "Вычет", english = "Deduction" } };
        await nobody.Person(DemoAccounts.Admin).PutAsync(
            $"agencies/{Agency}",
            new { name = new { russian = "Налоговая служба", english = "Tax service" }, kind = "taxation", purposes = new[] { purpose } }, etag: "\"0\"");
        await agency.PutAsync("agency/webhook", new { url = "https://agency.example/volunteerbook" }, etag: "\"0\"");
        await volunteer.PostAsync(
            "grants", new { agency = Agency, purpose = "deduction", gives = "entries", until = DateOnly.FromDateTime(DateTime.UtcNow.AddYears(1)) });
        return agency;
    }

    private static JsonElement PayloadOf(string jwt) => JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1])).RootElement;

    private static (string List, int Place) StatusOf(string credential)
    {
        var status = PayloadOf(credential).GetProperty("credentialStatus");
        return (
            new Uri(status.GetProperty("statusListCredential").GetString()!).AbsolutePath.Split('/')[^1],
            int.Parse(status.GetProperty("statusListIndex").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    // W3C Bitstring Status List 1.0, 2.2 and 3.3: multibase base64url of the gzip of the bits, the first bit to the left.
    private static async Task<bool> IsRevokedAsync(Api nobody, string list, int place)
    {
        var encoded = PayloadOf(Encoding.ASCII.GetString((await nobody.GetAsync($"status-lists/{list}")).Body.Span))
            .GetProperty("credentialSubject").GetProperty("encodedList").GetString()!;
        encoded[0].ShouldBe('u');
        using var bits = new MemoryStream();
        await using (var unzip = new GZipStream(new MemoryStream(Base64Url.DecodeFromChars(encoded.AsSpan(1))), CompressionMode.Decompress))
        {
            await unzip.CopyToAsync(bits);
        }

        return (bits.ToArray()[place / 8] >> (7 - (place % 8)) & 1) == 1;
    }
}
