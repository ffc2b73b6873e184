using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Store;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>The authority and two instances of the portal over one database, as the gateway spreads a person's requests over them.</summary>
public sealed class PortalSystem : IAsyncLifetime
{
    readonly TestDatabase identityDatabase = new();
    ServiceHost<Account> identity = null!;

    public TestDatabase Database { get; } = new();

    public ServiceHost<Form> One { get; private set; } = null!;

    public ServiceHost<Form> Other { get; private set; } = null!;

    public Uri Authority => identity.Address;

    public async ValueTask InitializeAsync()
    {
        await identityDatabase.InitializeAsync();
        await Database.InitializeAsync();
        Uri authority = ServiceSettings.FreeAddress(), one = ServiceSettings.FreeAddress(), other = ServiceSettings.FreeAddress();
        var settings = new ServiceSettings()
            .With("ConnectionStrings:identity", identityDatabase.ConnectionString)
            .With("Identity:Issuer", authority.ToString())
            .With("Identity:Clients:portal:Secret", IdentityService.PortalSecret)
            .With("Identity:Clients:portal:BackChannelLogoutUri", one + "signout-backchannel")
            .With("Demo:Accounts", "true")
            .With("Logging:LogLevel:Default", "Error");
        foreach (var (portal, n) in new[] { (one, 0), (other, 1) })
        {
            settings = settings.With($"Identity:Clients:portal:RedirectUris:{n}", portal + "signin-oidc")
                .With($"Identity:Clients:portal:PostLogoutRedirectUris:{n}", portal + "signout-callback-oidc");
        }

        identity = await ServiceHost.StartAsync<Account>(settings.At(authority));
        var portals = new ServiceSettings()
            .With("ConnectionStrings:portal", Database.ConnectionString)
            .With("Authentication:Authority", authority.ToString())
            .With("Authentication:PortalClientSecret", IdentityService.PortalSecret)
            .With("Logging:LogLevel:Default", "Error")
            .WithService("gateway", new Uri("http://127.0.0.1:9"));
        One = await ServiceHost.StartAsync<Form>(portals.At(one));
        Other = await ServiceHost.StartAsync<Form>(portals.At(other));
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await identity.DisposeAsync();
    }
}

public sealed class PortalSignInTests(PortalSystem system) : IClassFixture<PortalSystem>
{
    const string Anna = "anna@demo.volunteerbook.example";

    [Fact]
    public async Task two_instances_share_sessions_and_a_restart_signs_nobody_out()
    {
        using var browser = new Person();
        await browser.SignInAsync(system.One.Address, Anna);
        (await browser.IsSignedInAsync(system.One.Address)).ShouldBeTrue();
        (await browser.IsSignedInAsync(system.Other.Address)).ShouldBeTrue();

        await system.One.RestartAsync();
        (await browser.IsSignedInAsync(system.One.Address)).ShouldBeTrue();
    }

    [Fact]
    public async Task forms_of_strangers_take_a_bounded_place_and_end_nobodys_session()
    {
        using var browser = new Person();
        await browser.SignInAsync(system.One.Address, Anna);
        using var stranger = new Person();
        for (var sent = 0; sent < 120; sent++)
        {
            using var body = new StringContent("description=" + new string('x', 63_000), Encoding.ASCII, "application/x-www-form-urlencoded");
            using var answer = await stranger.Http.PostAsync(new Uri(system.One.Address, "/book/new"), body);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        (await system.Database.SqlAsync("select count(*) from forms")).ShouldBe(20L);
        (await browser.IsSignedInAsync(system.One.Address)).ShouldBeTrue();
    }

    [Fact]
    public async Task forms_of_all_addresses_together_take_a_bounded_place()
    {
        await system.Database.SqlAsync("delete from forms");
        await system.Database.SqlAsync("insert into forms (key, visitor, fields, expires) select 'key' || n, convert_to('visitor' || n, 'UTF8'), ''::bytea, "
            + "now() + interval '10 minutes' from generate_series(1, 4999) n");
        using var stranger = new Person();
        for (var sent = 0; sent < 2; sent++)
        {
            using var body = new FormUrlEncodedContent([new("description", "x")]);
            using var answer = await stranger.Http.PostAsync(new Uri(system.One.Address, "/book/new"), body);
            answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }

        var kept = await system.Database.SqlAsync("with all_of_them as (delete from forms returning 1) select count(*) from all_of_them");
        kept.ShouldBe(5000L);
    }

    [Fact]
    public async Task of_a_persons_sessions_the_one_used_longest_ago_makes_room()
    {
        const string olga = "olga@demo.volunteerbook.example";
        using var first = new Person();
        await first.SignInAsync(system.One.Address, olga);
        var subject = (string)(await system.Database.SqlAsync("select subject from sessions order by at desc limit 1"))!;
        await system.Database.SqlAsync("insert into sessions (key, subject, authority_session, ticket, at, expires) select 'key' || n, subject, null, ticket, "
            + $"at - n * interval '1 minute', expires from sessions, generate_series(1, 30) n where subject = '{subject}'");
        using var last = new Person();
        await last.SignInAsync(system.Other.Address, olga);

        (await system.Database.SqlAsync($"select string_agg(key, ' ' order by at desc) from sessions where subject = '{subject}' and key like 'key%'"))
            .ShouldBe(string.Join(' ', Enumerable.Range(1, 18).Select(n => $"key{n}")));
        (await first.IsSignedInAsync(system.One.Address)).ShouldBeTrue();
        (await last.IsSignedInAsync(system.One.Address)).ShouldBeTrue();
    }

    [Fact]
    public async Task a_session_that_was_removed_is_found_by_no_instance()
    {
        static AuthenticationTicket Ticket() => new(new ClaimsPrincipal(new ClaimsIdentity([new("sub", Guid.NewGuid().ToString())], "test")), "test");
        var (one, other) = (system.One.Services.GetRequiredService<TicketStore>(), system.Other.Services.GetRequiredService<TicketStore>());
        var (removed, stays) = (await one.StoreAsync(Ticket()), await one.StoreAsync(Ticket()));
        await one.RemoveAsync(removed);

        (await other.RetrieveAsync(removed)).ShouldBeNull();
        (await other.RetrieveAsync(stays)).ShouldNotBeNull();
    }

    [Fact]
    public async Task a_kept_form_is_shown_again_by_either_instance()
    {
        using var browser = new Person();
        using var body = new FormUrlEncodedContent([new("description", "сорок два письма")]);
        using var answer = await browser.Http.PostAsync(new Uri(system.One.Address, "/book/new"), body);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var key = (string)(await system.Database.SqlAsync("select key from forms order by number desc limit 1"))!;
        foreach (var instance in new[] { system.One, system.Other })
        {
            var again = new DefaultHttpContext { Request = { QueryString = QueryString.Create("kept", key) } };
            (await instance.Services.GetRequiredService<KeptForms>().Find(again.Request)).ShouldNotBeNull()["description"].ShouldBe("сорок два письма");
        }

        // As whoever reads the table would look for it: names of fields are in plain letters in JSON.
        (await system.Database.SqlAsync("select count(*) from forms where position(convert_to('description', 'UTF8') in fields) > 0")).ShouldBe(0L);
    }

    [Fact]
    public async Task the_database_holds_no_token_and_no_key_that_could_be_read()
    {
        using var browser = new Person();
        await browser.SignInAsync(system.One.Address, Anna);
        (await system.Database.SqlAsync("select count(*) from sessions")).ShouldNotBe(0L);
        (await system.Database.SqlAsync("select count(*) from sessions where position(convert_to('access_token', 'UTF8') in ticket) > 0")).ShouldBe(0L);
        (await system.Database.SqlAsync("select count(*) from cookie_keys where xml not like '%CookieKeyDecryptor%' or xml like '%<value>%'")).ShouldBe(0L);
    }

    [Fact]
    public async Task signing_out_at_the_portal_ends_copies_of_its_cookie_and_of_the_accounts()
    {
        using var browser = new Person();
        await browser.SignInAsync(system.One.Address, Anna);
        using var thief = browser.Copy();
        (await thief.IsSignedInAsync(system.Other.Address)).ShouldBeTrue();

        await browser.SubmitAsync(await browser.GetAsync(new Uri(system.One.Address, "/check")), "/sign-out");
        (await browser.IsSignedInAsync(system.One.Address)).ShouldBeFalse();
        (await thief.IsSignedInAsync(system.Other.Address)).ShouldBeFalse();
        (await thief.GetAsync(new Uri(system.One.Address, "/sign-in"))).Path.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task who_signs_in_and_out_at_an_english_address_is_back_at_one_and_is_signed_in_at_all()
    {
        using var browser = new Person();
        var asked = await browser.GetAsync(new Uri(system.One.Address, "/en/sign-in?returnUrl=/en/check"));
        asked.Path.ShouldBe("/account/sign-in");
        asked.Html.ShouldContain("<html lang=\"en\"");

        var back = await browser.SubmitAsync(asked, "/account/sign-in", ("userName", Anna), ("password", DemoAccounts.Password));
        back.Path.ShouldBe("/en/check");
        back.Html.ShouldContain("action=\"/en/sign-out\"");
        (await browser.IsSignedInAsync(system.One.Address)).ShouldBeTrue();

        (await browser.SubmitAsync(back, "/en/sign-out")).Path.ShouldBe("/en/");
        (await browser.IsSignedInAsync(system.One.Address)).ShouldBeFalse();
    }

    [Fact]
    public async Task a_session_that_its_owner_ends_on_another_device_is_over_at_the_portal_at_once()
    {
        const string pavel = "pavel@demo.volunteerbook.example";
        using var lost = new Person();
        using var mine = new Person();
        await lost.SignInAsync(system.One.Address, pavel);
        await mine.SignInAsync(system.Other.Address, pavel);

        await mine.SubmitAsync(await mine.GetAsync(new Uri(system.Authority, "/account/sessions")), "/account/sessions", ("others", "true"));
        (await lost.IsSignedInAsync(system.One.Address)).ShouldBeFalse();
        (await mine.IsSignedInAsync(system.Other.Address)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("logout_token=eyJhbGciOiJub25lIn0.e30.")]
    public async Task nobody_but_the_authority_ends_a_session_from_outside(string body)
    {
        using var stranger = new Person();
        using var answer = await stranger.Http.PostAsync(
            new Uri(system.One.Address, "/signout-backchannel"), new StringContent(body, Encoding.ASCII, "application/x-www-form-urlencoded"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "a=b")]
    [InlineData("multipart/form-data", "a=b")]
    [InlineData("application/x-www-form-urlencoded", "many")]
    [InlineData("text/plain", "logout_token=a")]
    public async Task what_is_no_such_form_is_refused(string type, string body)
    {
        using var stranger = new Person();
        using var content = new ByteArrayContent(
            Encoding.ASCII.GetBytes(body == "many" ? string.Join('&', Enumerable.Range(0, 2000).Select(number => $"a{number}=")) : body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await stranger.Http.PostAsync(new Uri(system.One.Address, "/signout-backchannel"), content);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>A browser that goes wherever it is sent, with its cookies. To loopback it gives those for https, too, as browsers do.</summary>
    sealed class Person(CookieContainer cookies) : IDisposable
    {
        public Person() : this(new())
        {
        }

        public HttpClient Http { get; } = new(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false });

        public Person Copy()
        {
            var copied = new CookieContainer();
            copied.Add(cookies.GetAllCookies());
            return new(copied);
        }

        public async Task SignInAsync(Uri portal, string userName)
        {
            var page = await GetAsync(new Uri(portal, "/sign-in?returnUrl=/check"));
            page.Path.ShouldBe("/account/sign-in");
            (await SubmitAsync(page, "/account/sign-in", ("userName", userName), ("password", DemoAccounts.Password))).Path.ShouldBe("/check");
        }

        public async Task<bool> IsSignedInAsync(Uri portal) =>
            (await GetAsync(new Uri(portal, "/check"))).Html.Contains("action=\"/sign-out\"", StringComparison.Ordinal);

        public async Task<Browser.Page> GetAsync(Uri address) => await FollowAsync(await Http.GetAsync(address));

        public async Task<Browser.Page> SubmitAsync(Browser.Page page, string form, params (string Name, string Value)[] fields)
        {
            var part = page with
            {
                Html = page.Html.Split("<form").Select(html => "<form" + html).First(html => html.Contains($"action=\"{form}", StringComparison.Ordinal)),
            };
            return await FollowAsync(await Http.PostAsync(
                new Uri(page.Answer.RequestMessage!.RequestUri!, part.FormAction),
                new FormUrlEncodedContent(part.HiddenFields.Concat(fields).Select(f => KeyValuePair.Create(f.Name, f.Value)))));
        }

        public void Dispose() => Http.Dispose();

        async Task<Browser.Page> FollowAsync(HttpResponseMessage answer)
        {
            for (var hops = 0; hops < 15 && answer.Headers.Location is { } location; hops++)
            {
                foreach (Cookie cookie in cookies.GetAllCookies()) cookie.Secure = false;
                answer = await Http.GetAsync(new Uri(answer.RequestMessage!.RequestUri!, location));
            }

            return new(answer, await answer.Content.ReadAsStringAsync(), null);
        }
    }
}
