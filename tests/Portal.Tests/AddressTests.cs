using System.Net;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>Addresses in Russian and in English: what is at each, and where links, forms and refusals lead from it.</summary>
public sealed partial class AddressTests : IClassFixture<PortalHost>
{
    private const string InRussian = ".AspNetCore.Culture=c%3Dru%7Cuic%3Dru", InEnglish = ".AspNetCore.Culture=c%3Den%7Cuic%3Den";
    private static readonly Guid Vacancy = Guid.NewGuid(), Organisation = Guid.NewGuid();
    private readonly PortalHost portal;
    private readonly Guid person = Guid.NewGuid();

    public AddressTests(PortalHost portal)
    {
        this.portal = portal;
        portal.Forget();
        portal.Answer("statistics", Given.Statistics(Given.Month("2026-10")));
        portal.Answer("organisations", Given.Page(OneOrganisation()));
        portal.Answer($"organisations/{Organisation}", OneOrganisation());
        portal.Answer("service-levels", Given.Page());
        portal.Answer("vacancies", Given.Page(Given.Vacancy(Vacancy, Given.Shift())));
        portal.Answer($"vacancies/{Vacancy}", Given.Vacancy(Vacancy, Given.Shift()));
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("applications", Given.Page());
    }

    /// <summary>Every page that everybody may read.</summary>
    public static TheoryData<string> Public() =>
    [
        "/", "/vacancies", $"/vacancies/{Vacancy}", "/statistics", "/service-levels", "/organisations", $"/organisations/{Organisation}", "/check",
        "/about", "/help", "/privacy", "/consent", "/terms", "/accessibility", "/contacts", "/developers", "/status",
    ];

    [Theory]
    [MemberData(nameof(Public))]
    public async Task a_public_page_has_an_address_in_each_language_and_names_both(string page)
    {
        var (status, russian) = await portal.GetAsync(page);
        status.ShouldBe(200);
        (status, var english) = await portal.GetAsync("/en" + page, cookie: InRussian);
        status.ShouldBe(200);

        Language(russian).ShouldBe("ru");
        Language(english).ShouldBe("en");
        var host = portal.Address.ToString().TrimEnd('/');
        foreach (var html in new[] { russian, english })
        {
            Links(html, "alternate").ShouldBe([("ru", host + page), ("en", host + "/en" + page), ("x-default", host + page)]);
        }

        Links(russian, "canonical").Single().Address.ShouldBe(host + page);
        Links(english, "canonical").Single().Address.ShouldBe(host + "/en" + page);
    }

    [Theory]
    [MemberData(nameof(Public))]
    public async Task a_link_on_an_english_address_leads_to_english_addresses(string page)
    {
        foreach (var reader in new Guid?[] { null, person })
        {
            var (_, html) = await portal.GetAsync("/en" + page, reader);
            Paths(html).Where(path => !path.StartsWith("/en/", StringComparison.Ordinal) && !IsOfNoLanguage().IsMatch(path)).ShouldBeEmpty();
            (_, html) = await portal.GetAsync(page, reader);
            Paths(html).Where(path => path.StartsWith("/en/", StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("/vacancies?q=сад", "/language/en?returnUrl=/en/vacancies?q=%D1%81%D0%B0%D0%B4")]
    [InlineData("/en/vacancies?sort=start", "/language/ru?returnUrl=/vacancies?sort=start")]
    [InlineData("/en/", "/language/ru?returnUrl=/")]
    [InlineData("/applications", "/language/en?returnUrl=/applications")]
    [InlineData("/nothing?a=b", "/language/en?returnUrl=/nothing?a=b")]
    [InlineData("/en/nothing?a=b", "/language/ru?returnUrl=/nothing?a=b")]
    public async Task the_switch_leads_to_the_same_page_in_the_other_language(string page, string link)
    {
        var (_, html) = await portal.GetAsync(page, person);
        WebUtility.HtmlDecode(Switch().Match(html).Groups[1].Value).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3F", "?", StringComparison.Ordinal)
            .Replace("%3D", "=", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal).ShouldBe(link);
    }

    [Theory]
    [InlineData(null, "ru")]
    [InlineData(InRussian, "ru")]
    [InlineData(InEnglish, "en")]
    public async Task an_address_without_a_language_is_in_the_one_that_was_chosen(string? cookie, string language)
    {
        foreach (var page in new[] { "/vacancies", "/applications", "/nothing" })
        {
            Language((await portal.GetAsync(page, person, cookie)).Html).ShouldBe(language, page);
        }
    }

    [Theory]
    [InlineData("/en", HttpStatusCode.PermanentRedirect, "/en/")]
    [InlineData("/en?q=1", HttpStatusCode.PermanentRedirect, "/en/?q=1")]
    [InlineData("/en/applications?after=x", HttpStatusCode.Redirect, "/applications?after=x")]
    [InlineData("/en/book/new", HttpStatusCode.Redirect, "/book/new")]
    public async Task what_has_no_english_address_is_left_for_one_that_there_is(string address, HttpStatusCode status, string location)
    {
        using var response = await portal.AnswerAsync(address);
        response.StatusCode.ShouldBe(status);
        response.Headers.Location!.OriginalString.ShouldBe(location);
        response.Headers.TryGetValues("Set-Cookie", out var cookies).ShouldBe(status is HttpStatusCode.Redirect);
        string.Concat(cookies ?? []).ShouldStartWith(status is HttpStatusCode.Redirect ? InEnglish : "");
    }

    [Theory]
    [InlineData("/en/nothing")]
    [InlineData("/en/vacancies/nothing")]
    [InlineData("/en/en/vacancies")]
    [InlineData("/en/organisations/01990000-0000-7000-8000-000000000001")]
    public async Task what_is_not_there_is_said_in_the_language_of_the_address(string address)
    {
        var (status, html) = await portal.GetAsync(address, cookie: InRussian);
        status.ShouldBe(404);
        html.ShouldContain("<h1>There is no such page</h1>");
        html.ShouldContain("href=\"/en/\"");
        Links(html, "alternate").ShouldBeEmpty();
        Links(html, "canonical").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/EN/vacancies")]
    [InlineData("/ru/vacancies")]
    [InlineData("/english")]
    [InlineData("/end")]
    public async Task other_addresses_that_look_like_it_are_none(string address) => (await portal.GetAsync(address)).Status.ShouldBe(404);

    [Fact]
    public async Task a_service_that_is_away_is_said_in_the_language_of_the_address()
    {
        portal.Refuse("vacancies", 503, "service-away");
        var (status, html) = await portal.GetAsync("/en/vacancies");
        status.ShouldBe(503);
        Language(html).ShouldBe("en");
    }

    [Fact]
    public async Task a_form_that_is_sent_at_an_english_address_is_answered_there()
    {
        var (status, html) = await portal.PostFileAsync("/en/check", person, "other", [1]);
        status.ShouldBe(422);
        Language(html).ShouldBe("en");
        html.ShouldContain("action=\"/en/check\"");

        (status, html) = await portal.PostAsync($"/en/vacancies/{Vacancy}", $"/en/vacancies/{Vacancy}", person, ("message", "x"));
        status.ShouldBe(422);
        Language(html).ShouldBe("en");
    }

    [Fact]
    public async Task a_form_that_succeeds_leads_on_in_english()
    {
        var shift = Guid.NewGuid();
        var application = Guid.NewGuid();
        portal.Answer($"vacancies/{Vacancy}", Given.Vacancy(Vacancy, Given.Shift(shift)));
        portal.Answer($"POST vacancies/{Vacancy}/applications", new { id = application });
        var location = await portal.LeadsToAsync($"/en/vacancies/{Vacancy}", person, ($"shift-{shift}", "yes"));
        location.ShouldBe($"/en/applications/{application}");
    }

    [Fact]
    public async Task the_form_against_forgery_of_one_address_serves_at_another()
    {
        var (status, _) = await portal.PostAsync("/check", $"/en/vacancies/{Vacancy}", person, ("message", "x"));
        status.ShouldBe(422);
    }

    private static object OneOrganisation() => new { id = Organisation, name = "Чистый берег", ogrn = "1027700132195", region = "RU-MOW", status = "approved" };

    private static string Language(string html) => HtmlLanguage().Match(html).Groups[1].Value;

    private static IEnumerable<string> Paths(string html) => Path().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value));

    private static List<(string Language, string Address)> Links(string html, string kind) =>
        [.. Link().Matches(html).Where(link => link.Groups[1].Value == kind)
            .Select(link => (link.Groups[2].Value, WebUtility.HtmlDecode(link.Groups[3].Value)))];

    [GeneratedRegex("<html lang=\"(\\w+)\"")]
    private static partial Regex HtmlLanguage();

    [GeneratedRegex("<link rel=\"(\\w+)\"(?: hreflang=\"([^\"]*)\")? href=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("<a class=\"language\" href=\"([^\"]*)\"")]
    private static partial Regex Switch();

    [GeneratedRegex("<(?:a|form)\\b[^>]*? (?:href|action)=\"(/[^\"]*)\"")]
    private static partial Regex Path();

    // Choices, the API's pages and those of the account lie beside the pages of the site.
    [GeneratedRegex("^/(account|language|theme|docs|openapi|\\.well-known)\\b")]
    private static partial Regex IsOfNoLanguage();
}
