using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>An organisation changes its key: what the old one signed stands, and it signs nothing more (F15).</summary>
[Collection(RunningSystem.Shared)]
public sealed class KeyRotationTests(RunningSystem running)
{
    [Fact]
    [Trait("Feature", "F15")]
    public async Task what_a_key_signed_before_it_was_changed_stands_and_the_old_key_signs_nothing_more()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        using var newKey = new OrganisationKey();
        var volunteer = nobody.Person(AWorld.NextVolunteer());
        await volunteer.RegisterVolunteerAsync(new NewVolunteer(
            new PersonName("Ключева", "Нина"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("nina@example.org")));
        var (before, after) = (await LogAsync(volunteer, world, 1), await LogAsync(volunteer, world, 2));
        await world.Coordinator.ConfirmAsync(before.Case, world.Key);

        await world.Coordinator.RegisterKeyAsync(world.Organisation.Id, newKey, "Новый ключ");
        await world.Coordinator.PostAsync(
            $"organisations/{world.Organisation.Id}/keys/{world.Key.Kid}/revocation",
            new { reason = "Плановая смена" },
            etag: (await world.Coordinator.GetAsync($"organisations/{world.Organisation.Id}")).ETag);

        // Verification hears of both from Profiles; until then what is refused is refused for another reason.
        await Eventually.Is(async () => (await TryAsync(world, after.Case, world.Key, " ")).Problem!.Reason.ShouldBe("key-revoked"));
        var refused = await TryAsync(world, after.Case, world.Key);
        (refused.Status, refused.Problem!.Reason).ShouldBe((HttpStatusCode.UnprocessableEntity, "key-revoked"));
        (await ReadAsync(volunteer, after.Case)).GetProperty("status").GetString().ShouldBe("open");
        await world.Coordinator.ConfirmAsync(after.Case, newKey);

        // The case: its statement is what the old key signed.
        foreach (var (id, key) in new[] { (before.Case, world.Key), (after.Case, newKey) })
        {
            var found = await ReadAsync(volunteer, id);
            found.GetProperty("status").GetString().ShouldBe("confirmed");
            Verifies(key, found.GetProperty("decision").GetProperty("signature").GetString()!, found.GetProperty("statement").GetString()!).ShouldBeTrue();
        }

        // The book, and an extract of it that was issued after the change: a stranger's check verifies both signatures, each under the key that is attached.
        foreach (var entry in new[] { before.Entry, after.Entry })
        {
            await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        }

        var extract = (await volunteer.PostAsync<Made>("extracts", new { language = "ru" })).Id;
        using var file = new ByteArrayContent((await volunteer.GetAsync($"extracts/{extract}/file")).Body.ToArray());
        file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        var check = (await nobody.SendAsync(HttpMethod.Post, "checks", file)).Success().Read<JsonElement>();
        check.GetProperty("valid").GetBoolean().ShouldBeTrue(check.GetRawText());
        check.GetProperty("file").GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("about").GetString() == "organisations").GetProperty("text").GetString()!.ShouldStartWith("2 ");
    }

    private static async Task<(Guid Entry, Guid Case)> LogAsync(Api volunteer, AWorld world, int day)
    {
        var entry = (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day))).Id;
        await world.Coordinator.CaseAsync(CaseIds.Of(entry, 1));
        return (entry, CaseIds.Of(entry, 1));
    }

    private static async Task<JsonElement> ReadAsync(Api reader, Guid id) => await reader.GetAsync<JsonElement>($"cases/{id}");

    /// <summary>Hands in a signature over the statement and what is put behind it.</summary>
    private static async Task<Reply> TryAsync(AWorld world, Guid id, OrganisationKey key, string behind = "")
    {
        var (found, etag) = await world.Coordinator.CaseAsync(id);
        return await world.Coordinator.SendAsync(
            HttpMethod.Post, $"cases/{id}/confirmation", new { signature = key.Sign(Encoding.UTF8.GetBytes(found.Statement + behind)) }, etag: etag);
    }

    private static bool Verifies(OrganisationKey key, string jws, string statement)
    {
        var parts = jws.Split('.');
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key.Public.X), Y = Base64Url.DecodeFromChars(key.Public.Y) },
        });
        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])) == statement
            && ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
    }
}
