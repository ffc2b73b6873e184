using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using Shouldly;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Tests;

public sealed class ProductionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    static readonly IHostEnvironment Production = new HostingEnvironment { EnvironmentName = Environments.Production };

    static readonly (string, string)[] Sound =
    [
        ("environment", "Production"), ("Identity:Issuer", "https://book.example/"),
        ("Identity:MasterKey", Convert.ToBase64String(SHA256.HashData("a key for these tests"u8))),
    ];

    [Theory]
    [InlineData("Demo:Accounts", "true", "Demo:Accounts is on")]
    [InlineData("Identity:MasterKey", "", "Identity:MasterKey is not set")]
    [InlineData("Identity:MasterKey", "c2hvcnQ=", "not 32 bytes in base64")]
    [InlineData("Identity:Issuer", "http://book.example/", "must be https")]
    [InlineData("Identity:Clients:portal:Secret", "demo-secret", "the secret of client portal is a default one")]
    [InlineData("Identity:Clients:portal:Secret", "short", "the secret of client portal is shorter than 20 characters")]
    [InlineData("Identity:Clients:portal:Grants:0", "password", "client portal: grant password is not offered")]
    [InlineData("Identity:FirstAdministrator:Password", "Volunteer-Book-1", "the first administrator's password is the demo password")]
    [InlineData("ConnectionStrings:identity", "", "ConnectionStrings:identity is not set")]
    [InlineData("Identity:MasterKey", "2eLCgSmuEbiNqJYRzYlBVEssIX5n6gSxfemyM3eM1Rg=", "is the development key")]
    public void an_unsafe_configuration_is_refused(string name, string value, string said)
    {
        var settings = Sound.Append(("ConnectionStrings:identity", "Host=127.0.0.1")).Where(s => s.Item1 != name).Append((name, value));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2)))
            .Build();
        Should.Throw<StartRefusedException>(() => StartRefusals.CheckConfiguration(configuration, Production)).Message.ShouldContain(said);
    }

    [Fact]
    public async Task a_refusal_is_one_line_and_an_exit_code()
    {
        var (exitCode, errors) = await IdentityService.RefusedAsync(database.ConnectionString, [.. Sound, ("Demo:Accounts", "true")]);
        exitCode.ShouldBe(1);
        errors.ShouldBe(["Identity does not start: Demo:Accounts is on, and the environment is Production."]);
    }

    [Fact]
    public async Task a_database_with_demo_accounts_is_refused()
    {
        var demo = new TestDatabase();
        await demo.InitializeAsync();
        await using (await IdentityService.StartAsync(demo.ConnectionString, ("Demo:Accounts", "true")))
        {
        }

        await using var store = Store(demo);
        (await Should.ThrowAsync<StartRefusedException>(() => StartRefusals.CheckDatabaseAsync(Production, store))).Message
            .ShouldContain("the database holds demo accounts");
    }

    [Fact]
    public async Task a_database_with_development_keys_is_refused()
    {
        var development = new TestDatabase();
        await development.InitializeAsync();
        await using (await IdentityService.StartAsync(development.ConnectionString))
        {
        }

        await using var store = Store(development);
        using var keys = new Keys(new MasterKey(SHA256.HashData("a key for these tests"u8)), Options.Create(new KeySchedule()), TimeProvider.System);
        (await Should.ThrowAsync<StartRefusedException>(() => keys.RenewAsync(store))).Message.ShouldContain("under another master key");
    }

    [Fact]
    public async Task a_sound_configuration_starts_with_an_administrator_and_serves_only_what_came_over_https()
    {
        await using var service = await IdentityService.StartAsync(
            database.ConnectionString,
            [.. Sound, ("Database:ApplyAtStart", "true"), (
                "Identity:FirstAdministrator:UserName", "root@book.example"), ("Identity:FirstAdministrator:Password", "a long pass phrase")]);
        (await service.Http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await database.SqlAsync("""SELECT "Roles"[1] FROM accounts WHERE "UserName" = 'root@book.example'""")).ShouldBe("administrator");

        (string, string)[] analyst = [("grant_type", "client_credentials"), ("client_id", "analyst"), ("client_secret", IdentityService.AnalystSecret)];
        (await service.TokenAsync(analyst)).Status.ShouldBe(400);

        // As the gateway forwards it, from this machine.
        service.Http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        service.Http.DefaultRequestHeaders.Add("X-Forwarded-Host", "book.example");
        (await service.TokenAsync(analyst)).Status.ShouldBe(200);
        (await service.Http.GetStringAsync("/.well-known/openid-configuration")).ShouldContain("https://book.example/connect/token");
        using var page = await service.Http.GetAsync("/account/sign-in");
        page.Headers.GetValues("Set-Cookie").ShouldAllBe(cookie => cookie.Contains("secure"));
    }

    [Fact]
    public async Task a_first_administrator_who_has_moved_gets_no_twin_and_who_registers_the_old_address_stops_no_start()
    {
        var moved = new TestDatabase();
        await moved.InitializeAsync();
        (string, string)[] first =
            [("Identity:FirstAdministrator:UserName", "root@book.example"), ("Identity:FirstAdministrator:Password", "a long pass phrase")];
        await using (await IdentityService.StartAsync(moved.ConnectionString, first))
        {
        }

        await moved.SqlAsync(
            """
            UPDATE accounts SET "UserName" = 'moved@book.example', "NormalizedUserName" = 'MOVED@BOOK.EXAMPLE',
                "Email" = 'moved@book.example', "NormalizedEmail" = 'MOVED@BOOK.EXAMPLE'
            """);
        await using (var again = await IdentityService.StartAsync(moved.ConnectionString, first))
        {
            (await moved.SqlAsync("""SELECT string_agg("UserName", ',') FROM accounts""")).ShouldBe("moved@book.example");
            using var stranger = again.NewBrowser();
            await MailedIdentity.RegisterAsync(stranger, "root@book.example");
        }

        await using (await IdentityService.StartAsync(moved.ConnectionString, first))
        {
        }

        (await moved.SqlAsync("""SELECT count(*) FROM accounts WHERE "UserName" = 'root@book.example' AND cardinality("Roles") = 0""")).ShouldBe(1L);

        await moved.SqlAsync("""DELETE FROM accounts WHERE "UserName" = 'moved@book.example'""");
        var (exitCode, errors) = await IdentityService.RefusedAsync(moved.ConnectionString, [("environment", "Development"), .. first]);
        exitCode.ShouldBe(1);
        errors.ShouldBe(["Identity does not start: the account of Identity:FirstAdministrator exists and is not an administrator."]);
    }

    static IdentityStore Store(TestDatabase of) => new(new DbContextOptionsBuilder<IdentityStore>().UseNpgsql(of.ConnectionString).UseOpenIddict()
        .UseApplicationServiceProvider(new ServiceCollection().Configure<IdentityOptions>(Accounts.Schema).BuildServiceProvider()).Options);
}
