using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>Identity is told an address, and keeps it where the documents say.</summary>
public sealed class PersonalDataTests(MailedIdentity identity) : IClassFixture<MailedIdentity>
{
    const string Zoya = "zoya.kept@people.example";
    const string Password = "three plain words and one";

    [Fact]
    public async Task names_and_addresses_lie_only_where_the_documents_say()
    {
        using var browser = identity.Service.NewBrowser();
        browser.SpeaksFrom("198.51.100.77");
        await browser.SubmitAsync(await browser.GetAsync("/account/register"), ("userName", Zoya), ("password", Password), ("repeated", Password));
        (await browser.SignInAsync(Zoya, "a wrong password")).Alert.ShouldNotBeNullOrEmpty();
        var code = (await browser.SignInAsync(Zoya, Password)).Parameter("code");
        var (status, tokens) = await identity.Service.TokenAsync(
            ("grant_type", "authorization_code"), ("code", code!), ("redirect_uri", IdentityService.PortalCallback), ("code_verifier", Browser.Verifier),
            ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret));
        status.ShouldBe(200);
        (await identity.Service.TokenAsync(
            ("grant_type", "refresh_token"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!), ("client_id", "portal"),
            ("client_secret", IdentityService.PortalSecret))).Status.ShouldBe(200);
        await browser.GetAsync("/account/sessions");
        await identity.MailAsync(Zoya, "Подтвердите адрес");

        await PersonalDataTables.ShouldBeAsListedAsync(
            identity.Database.ConnectionString, "Identity", Zoya, Zoya.ToUpperInvariant(), "198.51.100.77", Password);
        await Eventually.Is(async () =>
            (await PersonalDataTables.HoldingAsync(identity.Database.ConnectionString, Zoya))
                .ShouldBe(["public.accounts", "public.account_links"], ignoreOrder: true));
    }
}
