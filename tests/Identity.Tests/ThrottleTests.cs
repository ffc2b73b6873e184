using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>Guessing is slowed down for the one who guesses, and for nobody else.</summary>
public sealed class ThrottleTests(StandingIdentity identity) : IClassFixture<StandingIdentity>
{
    const string Anna = "anna@demo.volunteerbook.example";
    const string Pavel = "pavel@demo.volunteerbook.example";
    const string Olga = "olga@demo.volunteerbook.example";
    readonly IdentityService service = identity.Service;

    [Fact]
    public async Task an_address_that_tries_many_accounts_has_to_wait_and_others_have_not()
    {
        using var guesser = service.NewBrowser();
        guesser.SpeaksFrom("198.51.100.7");
        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 60; attempt++)
            answers.Add((await guesser.SignInAsync($"somebody-{attempt}@people.example", "a wrong password")).Status);
        answers[0].ShouldBe(HttpStatusCode.BadRequest);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        answers.Count(status => status == HttpStatusCode.BadRequest).ShouldBeInRange(20, 50);

        // The right password of another account does not help either: what was refused was not looked at.
        var refused = await guesser.SignInAsync(Anna, DemoAccounts.Password);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Alert.ShouldContain("Слишком много попыток");
        refused.Answer.Headers.RetryAfter.ShouldNotBeNull();

        using var anna = service.NewBrowser();
        anna.SpeaksFrom("203.0.113.20");
        (await anna.SignInAsync(Anna, DemoAccounts.Password)).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task a_stranger_cannot_lock_an_account()
    {
        using var stranger = service.NewBrowser();
        stranger.SpeaksFrom("198.51.100.8");
        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 20; attempt++) answers.Add((await stranger.SignInAsync(Pavel, "a wrong password")).Status);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);

        using var pavel = service.NewBrowser();
        pavel.SpeaksFrom("203.0.113.21");
        (await pavel.SignInAsync(Pavel, DemoAccounts.Password)).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task tries_that_were_refused_for_one_account_leave_the_networks_own_to_others()
    {
        using var one = service.NewBrowser();
        one.SpeaksFrom("198.51.100.10");
        for (var attempt = 0; attempt < 50; attempt++) await one.SignInAsync("somebody@people.example", "a wrong password");
        (await one.SignInAsync("somebody@people.example", "a wrong password")).Status.ShouldBe(HttpStatusCode.TooManyRequests);

        (await one.SignInAsync("somebody-else@people.example", "a wrong password")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task who_goes_on_trying_keeps_nobody_out_for_longer()
    {
        var (database, clock) = (new TestDatabase(), new StandingClock());
        await database.InitializeAsync();
        await using var moved = await IdentityService.StartAsync(database.ConnectionString, services => services.AddSingleton<TimeProvider>(clock));
        using var browser = moved.NewBrowser();
        async Task<HttpStatusCode> TryAsync() => (await browser.SignInAsync("somebody@people.example", "a wrong password")).Status;
        for (var attempt = 0; attempt < 10; attempt++) (await TryAsync()).ShouldBe(HttpStatusCode.BadRequest);

        // One more comes back each minute, whatever was refused meanwhile.
        foreach (var _ in new[] { 1, 2 })
        {
            clock.Now += TimeSpan.FromSeconds(50);
            (await TryAsync()).ShouldBe(HttpStatusCode.TooManyRequests);
            clock.Now += TimeSpan.FromSeconds(10);
            (await TryAsync()).ShouldBe(HttpStatusCode.BadRequest);
        }
    }

    [Fact]
    public async Task many_strangers_reach_the_limit_of_an_account_and_its_owner_still_gets_in_where_they_have_been_before()
    {
        using var olga = service.NewBrowser();
        olga.SpeaksFrom("203.0.113.22");
        (await olga.SignInAsync(Olga, DemoAccounts.Password)).Parameter("code").ShouldNotBeNull();
        await olga.SubmitAsync(await olga.GetAsync("/account/sign-out"));

        using var strangers = service.NewBrowser();
        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 130; attempt++)
        {
            strangers.SpeaksFrom($"192.0.2.{attempt + 1}");
            answers.Add((await strangers.SignInAsync(Olga, "a wrong password")).Status);
        }

        // NIST SP 800-63B-4: no more than a hundred tries in a row.
        answers.Count(status => status == HttpStatusCode.BadRequest).ShouldBeInRange(80, 105);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        (await olga.SignInAsync(Olga, DemoAccounts.Password)).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task an_address_that_registers_many_accounts_has_to_wait()
    {
        using var browser = service.NewBrowser();
        browser.SpeaksFrom("198.51.100.9");
        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 60; attempt++)
        {
            answers.Add((await browser.SubmitAsync(
                await browser.GetAsync("/account/register"), ("userName", $"{Guid.NewGuid():N}@people.example"), ("password", "three plain words"),
                ("repeated", "three plain words"))).Status);
        }

        answers[0].ShouldBe(HttpStatusCode.OK);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("an account", Anna)]
    [InlineData("no account", "nobody@people.example")]
    [InlineData("an account without a password", "volunteer-001@demo.volunteerbook.example")]
    public async Task every_try_costs_one_check_of_a_password(string _, string userName)
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        var (checks, waits) = (new ConcurrentQueue<string>(), new Waits());
        await using var counted = await IdentityService.StartAsync(
            database.ConnectionString, services => services.AddSingleton<PasswordHasher<Account>>(new Counting(checks)).AddSingleton<TimeProvider>(waits),
            ("Demo:Accounts", "true"));
        using var browser = counted.NewBrowser();
        await browser.SignInAsync(userName, "a wrong password");
        checks.Clear();
        await browser.SignInAsync(userName, "a wrong password");
        checks.ShouldBe(["verify"]);

        // A registration costs one hash, whether it is kept or not. What is left of half a second is waited away, here all of it: its clock stands.
        foreach (var time in new[] { 1, 2 })
        {
            checks.Clear();
            await MailedIdentity.RegisterAsync(browser, "new@people.example");
            checks.ShouldBe(["hash"]);
            waits.Of(TimeSpan.FromMilliseconds(500)).ShouldBe(time);
        }
    }

    sealed class Counting(ConcurrentQueue<string> checks) : PasswordHasher<Account>
    {
        public override string HashPassword(Account user, string password)
        {
            checks.Enqueue("hash");
            return base.HashPassword(user, password);
        }

        public override PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            checks.Enqueue("verify");
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}

/// <summary>Identity with demo accounts in a moment that does not pass: what comes back with time comes back to none, however slow the machine is.</summary>
public sealed class StandingIdentity : IAsyncLifetime
{
    readonly TestDatabase database = new();

    public IdentityService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        Service = await IdentityService.StartAsync(
            database.ConnectionString, services => services.AddSingleton<TimeProvider>(new StandingClock()), ("Demo:Accounts", "true"));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await database.DisposeAsync();
    }
}

/// <summary>A clock that stands until a test sets it.</summary>
public sealed class StandingClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Now;
}
