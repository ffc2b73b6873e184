using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

/// <summary>Addresses of two accounts that come at the same moment, and addresses that are rare.</summary>
public sealed class TakenAddressTests(TakenAddressTests.RacedIdentity identity) : IClassFixture<TakenAddressTests.RacedIdentity>
{
    [Fact]
    public async Task who_registers_an_address_that_another_is_faster_with_gets_the_answer_that_everybody_gets()
    {
        using var browser = identity.Service.NewBrowser();
        await MailedIdentity.RegisterAsync(browser, "first@people.example");
        identity.Faster.With = "raced@people.example";
        var page = await MailedIdentity.RegisterAsync(browser, "raced@people.example");
        (page.Status, page.Path, identity.Faster.With).ShouldBe((HttpStatusCode.OK, "/account/sign-in", null));
        (await identity.Database.SqlAsync("""select count(*) from accounts where "UserName" = 'raced@people.example'""")).ShouldBe(1L);
    }

    [Fact]
    public async Task who_moves_to_an_address_that_another_is_faster_with_is_told_so_and_stays()
    {
        using var browser = identity.Service.NewBrowser();
        await MailedIdentity.RegisterAsync(browser, "stays@people.example");
        await MailedIdentity.SignInAsync(browser, "stays@people.example");
        await using (var scope = identity.Service.Services.CreateAsyncScope())
        {
            var store = scope.ServiceProvider.GetRequiredService<IdentityStore>();
            var account = store.Users.Single(each => each.UserName == "stays@people.example").Id;
            var address = scope.ServiceProvider.GetRequiredService<AccountLinks>().New(account, LinkPurpose.ChangeAddress, "contested@people.example");
            await store.SaveChangesAsync();
            var form = await browser.GetAsync(new Uri(address).PathAndQuery);
            identity.Faster.With = "contested@people.example";
            var refused = await browser.SubmitAsync(form);
            (refused.Status, identity.Faster.With).ShouldBe((HttpStatusCode.Conflict, null));
            refused.Alert.ShouldContain("уже есть другая учётная запись");
        }

        (await browser.GetAsync("/account")).Html.ShouldContain("stays@people.example");
    }

    // Every address that mail is sent to (RFC 5321) may have an account.
    [Theory]
    [InlineData("o'brien@people.example")]
    [InlineData("a/b=c&d@people.example")]
    public async Task an_address_with_rare_signs_is_an_address(string address)
    {
        using var browser = identity.Service.NewBrowser();
        (await MailedIdentity.RegisterAsync(browser, address)).Path.ShouldBe("/account/sign-in");
        (await MailedIdentity.SignInAsync(browser, address)).Path.ShouldBe("/account");
    }

    /// <summary>Identity where a test can have another be faster.</summary>
    public sealed class RacedIdentity : IAsyncLifetime
    {
        public TestDatabase Database { get; } = new();

        public Another Faster { get; private set; } = null!;

        public IdentityService Service { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            Faster = new(Database);
            Service = await IdentityService.StartAsync(Database.ConnectionString, services => services.AddSingleton<IUserValidator<Account>>(Faster));
        }

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await Database.DisposeAsync();
        }
    }

    /// <summary>Takes an address after it was looked for and before it is saved: an account like any other, with another id.</summary>
    public sealed class Another(TestDatabase database) : IUserValidator<Account>
    {
        public string? With { get; set; }

        public async Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user)
        {
            if (With is not { } address || user.UserName != address) return IdentityResult.Success;

            With = null;
            await database.SqlAsync(
                $"""
                insert into accounts select (jsonb_populate_record(a, jsonb_build_object(
                    'Id', gen_random_uuid(), 'UserName', '{address}', 'NormalizedUserName', upper('{address}')))).*
                from accounts a limit 1
                """);
            return IdentityResult.Success;
        }
    }
}
