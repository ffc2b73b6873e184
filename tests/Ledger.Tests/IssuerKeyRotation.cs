using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Documents.Pdf;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>Other keys sign what is issued, and what was issued stands; or not, where its keys were stolen.</summary>
[Trait("Feature", "N3")]
public sealed class IssuerKeyRotation(IssuingHost host) : IClassFixture<IssuingHost>, IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly HttpClient volunteer = host.Volunteer(Guid.CreateVersion7());

    /// <summary>Each test begins with the first keys.</summary>
    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync("delete from issuer_development_keys");
        await host.Service.RestartAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task new_keys_sign_under_the_same_root_and_what_the_earlier_ones_signed_stands_everywhere()
    {
        var root = (await RootsAsync()).ShouldHaveSingleItem();
        var before = await OrderedAsync();
        (await RotateAsync()).ShouldBe(0);
        await host.Service.RestartAsync();
        (await RootsAsync()).ShouldHaveSingleItem().GetEncoded().ShouldBe(root.GetEncoded());
        var after = await OrderedAsync();

        SignersOf(after).ShouldNotBe(SignersOf(before));
        foreach (var (file, credential) in new[] { before, after })
        {
            await StandsAsync(file, "application/pdf", [root]);
            await StandsAsync(Encoding.ASCII.GetBytes(credential), VerifiableCredential.MediaType, [root]);
        }

        // Both keys stay an issuer's (DID Core, 5.3.2): without an end, at which verifiers would take no more of what it signed.
        var did = await host.Service.Client().GetJsonAsync("/.well-known/did.json");
        var methods = did.GetProperty("verificationMethod").EnumerateArray().ToList();
        methods.Select(one => one.GetProperty("id").GetString()).ShouldBe([KidOf(after.Credential), KidOf(before.Credential)]);
        did.GetProperty("assertionMethod").EnumerateArray().Select(one => one.GetString()).ShouldBe(methods.Select(one => one.GetProperty("id").GetString()));
        methods.ShouldAllBe(one => !HasEnd(one));
        (await KeysAsync()).Select(key => key["kid"]!.GetValue<string>()).ShouldBe([KidOf(after.Credential), KidOf(before.Credential)]);
        // As a stranger on the network verifies: by the key of that name.
        foreach (var jwt in new[] { before.Credential, after.Credential, await ListOfAsync(before.Credential) })
        {
            CompactJws.Read(jwt)!.Verify(PublicJwk.Read((await KeysAsync()).Single(key => key["kid"]!.GetValue<string>() == KidOf(jwt)))!).ShouldBeNull();
        }

        KidOf(await ListOfAsync(before.Credential)).ShouldBe(KidOf(after.Credential));

        // And once more: keys of before and of before that.
        (await RotateAsync()).ShouldBe(0);
        await host.Service.RestartAsync();
        (await KeysAsync()).Select(key => key["kid"]!.GetValue<string>()).ToList().ShouldSatisfyAllConditions(
            kids => kids.Count.ShouldBe(3), kids => kids.Skip(1).ShouldBe([KidOf(after.Credential), KidOf(before.Credential)]));
        await StandsAsync(before.File, "application/pdf", [root]);
        await StandsAsync(after.File, "application/pdf", [root]);
    }

    [Fact]
    public async Task where_the_roots_key_is_gone_a_new_root_stands_beside_it()
    {
        await RootsAsync();
        // As a database of before has it, which never kept the root's key.
        await ChangeKeptAsync(kept => kept.Remove("RootKey"));
        await host.Service.RestartAsync();
        var root = (await RootsAsync())[0];
        var before = await OrderedAsync();
        (await RotateAsync()).ShouldBe(0);
        await host.Service.RestartAsync();
        var roots = await RootsAsync();
        roots[1].GetEncoded().ShouldBe(root.GetEncoded());
        var after = await OrderedAsync();

        await StandsAsync(before.File, "application/pdf", [root]);
        await StandsAsync(Encoding.ASCII.GetBytes(before.Credential), VerifiableCredential.MediaType, [root]);
        await StandsAsync(after.File, "application/pdf", [roots[0]]);
        await StandsAsync(Encoding.ASCII.GetBytes(after.Credential), VerifiableCredential.MediaType, [roots[0]]);
        Check.Offline(after.File, new CheckTrust([root]), DateTimeOffset.UtcNow).Ok.ShouldBeFalse();
        foreach (var file in new[] { before.File, after.File })
        {
            Check.Offline(file, new CheckTrust(roots), DateTimeOffset.UtcNow).Ok.ShouldBeTrue();
        }

        // From now on its key is there.
        (await RotateAsync()).ShouldBe(0);
        await host.Service.RestartAsync();
        (await RootsAsync()).Select(one => Convert.ToHexString(one.GetEncoded())).ShouldBe(roots.Select(one => Convert.ToHexString(one.GetEncoded())));
    }

    [Fact]
    public async Task what_stolen_keys_signed_is_trusted_no_more()
    {
        var before = await OrderedAsync();
        (await RotateAsync("--compromised")).ShouldBe(0);
        await host.Service.RestartAsync();
        var root = (await RootsAsync()).ShouldHaveSingleItem();
        var after = await OrderedAsync();

        foreach (var (bytes, type) in new[] { (before.File, "application/pdf"), (Encoding.ASCII.GetBytes(before.Credential), VerifiableCredential.MediaType) })
        {
            Check.Offline(bytes, new CheckTrust([root]), DateTimeOffset.UtcNow).Ok.ShouldBeFalse();
            (await PostAsync(bytes, type)).GetProperty("valid").GetBoolean().ShouldBeFalse();
        }

        await StandsAsync(after.File, "application/pdf", [root]);
        (await KeysAsync()).ShouldHaveSingleItem()["kid"]!.GetValue<string>().ShouldBe(KidOf(after.Credential));
        (await host.Service.Client().GetJsonAsync("/.well-known/did.json")).GetProperty("assertionMethod").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task what_was_broken_off_has_not_happened_and_no_key_lies_open()
    {
        var root = (await RootsAsync())[0];
        await ExecuteAsync(
            """
            create function broken_off() returns trigger language plpgsql as 'begin raise exception ''broken off''; end';
            create trigger broken_off before update on issuer_development_keys for each row execute function broken_off()
            """);
        await Should.ThrowAsync<PostgresException>(() => RotateAsync());
        await ExecuteAsync("drop trigger broken_off on issuer_development_keys; drop function broken_off");
        var order = await OrderedAsync();
        await host.Service.RestartAsync();
        KidOf((await OrderedAsync()).Credential).ShouldBe(KidOf(order.Credential));
        await StandsAsync(order.File, "application/pdf", [root]);

        (await RotateAsync()).ShouldBe(0);
        (await KeptAsync()).ShouldNotContain("BEGIN");
        KeptIssuerKeys.Read(await KeptAsync(), MasterKey.Development).EarlierCredentials.ShouldHaveSingleItem().ShouldNotContain("PRIVATE");
    }

    [Fact]
    public async Task configured_keys_are_the_operators_to_replace()
    {
        await using var service = await ServiceHost.StartAsync<Entries.Entry>(host.Settings.WithIssuer().At(ServiceSettings.FreeAddress()));
        var verb = service.Services.GetServices<IVerb>().Single(one => one.Name == "issuer");
        (await Should.ThrowAsync<InvalidOperationException>(() => verb.RunAsync(["rotate"], Ct))).Message.ShouldContain("docs/operations.md");
        (await verb.RunAsync(["rotate", "--whatever"], Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task a_configured_roots_file_may_hold_the_roots_of_before()
    {
        var before = await OrderedAsync();
        var roots = await TextAsync("/api/v1/issuer/root");
        var settings = host.Settings.WithIssuer();
        var file = settings.Configuration["Issuer:Root"]!;
        await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(file, Ct) + "\n" + roots, Ct);
        await using var service = await ServiceHost.StartAsync<Entries.Entry>(settings.At(ServiceSettings.FreeAddress()));
        using var content = new ByteArrayContent(before.File);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/pdf");
        var answer = await service.Client().PostAsync(new Uri("/api/v1/checks", UriKind.Relative), content, Ct);
        (await answer.JsonAsync()).GetProperty("valid").GetBoolean().ShouldBeTrue();
    }

    private Task<int?> RotateAsync(params string[] more) =>
        host.Service.Services.GetServices<IVerb>().Single(verb => verb.Name == "issuer").RunAsync(["rotate", .. more], Ct);

    private async Task<(byte[] File, string Credential)> OrderedAsync()
    {
        var ordered = await (await volunteer.PostJsonAsync("/api/v1/extracts", new OrderExtract("en"))).ShouldBeAsync(HttpStatusCode.Created);
        var receipt = await ordered.JsonAsync<ExtractReceipt>();
        return (await volunteer.GetByteArrayAsync(new Uri($"/api/v1/extracts/{receipt.Id}/file", UriKind.Relative), Ct),
            await volunteer.GetStringAsync(new Uri($"/api/v1/extracts/{receipt.Id}/credential", UriKind.Relative), Ct));
    }

    private async Task<IReadOnlyList<X509Certificate>> RootsAsync() =>
        [.. new X509CertificateParser().ReadCertificates(Encoding.ASCII.GetBytes(await TextAsync("/api/v1/issuer/root")))];

    private async Task<IReadOnlyList<JsonNode>> KeysAsync() =>
        [.. JsonNode.Parse(await TextAsync("/.well-known/jwks.json"))!["keys"]!.AsArray().Select(key => key!)];

    private Task<string> TextAsync(string path) => host.Service.Client().GetStringAsync(new Uri(path, UriKind.Relative), Ct);

    /// <summary>By who has the root alone, and by us.</summary>
    private async Task StandsAsync(byte[] bytes, string type, IReadOnlyList<X509Certificate> roots)
    {
        var report = Check.Offline(bytes, new CheckTrust(roots), DateTimeOffset.UtcNow);
        report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
        (await PostAsync(bytes, type)).GetProperty("valid").GetBoolean().ShouldBeTrue();
    }

    private async Task<JsonElement> PostAsync(byte[] bytes, string type)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await host.Service.Client().PostAsync(new Uri("/api/v1/checks", UriKind.Relative), content, Ct);
        return await (await answer.ShouldBeAsync(HttpStatusCode.OK)).JsonAsync();
    }

    private static (string Document, string Credential) SignersOf((byte[] File, string Credential) issued) =>
        (Convert.ToHexString(CmsSignature.Read(PdfSignature.Read(issued.File)!.Cms)!.Signer!.GetEncoded()), KidOf(issued.Credential));

    private static string KidOf(string jwt) => CompactJws.Read(jwt)!.Kid!;

    private static bool HasEnd(JsonElement method) => method.TryGetProperty("expires", out _) || method.TryGetProperty("revoked", out _);

    private async Task<string> ListOfAsync(string jwt)
    {
        var list = StrictJson.Read(CompactJws.Read(jwt)!.Payload)!["credentialStatus"]!["statusListCredential"]!.GetValue<string>();
        return await TextAsync(new Uri(list).AbsolutePath);
    }

    private async Task<string> KeptAsync()
    {
        await using var database = NpgsqlDataSource.Create(host.Settings.Configuration["ConnectionStrings:ledger"]);
        await using var command = database.CreateCommand("select keys::text from issuer_development_keys where id = 1");
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }

    private async Task ChangeKeptAsync(Action<JsonObject> change)
    {
        var plain = MasterKey.Development.Unprotect(Convert.FromBase64String(JsonSerializer.Deserialize<string>(await KeptAsync())!), IssuerKeys.Purpose);
        var kept = JsonNode.Parse(plain)!.AsObject();
        change(kept);
        var changed = MasterKey.Development.Protect(Encoding.UTF8.GetBytes(kept.ToJsonString()), IssuerKeys.Purpose);
        var column = JsonSerializer.Serialize(Convert.ToBase64String(changed));
        await ExecuteAsync($"update issuer_development_keys set keys = '{column}'::jsonb");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var database = NpgsqlDataSource.Create(host.Settings.Configuration["ConnectionStrings:ledger"]);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }
}
