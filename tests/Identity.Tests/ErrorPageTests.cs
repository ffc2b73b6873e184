using System.Net;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

/// <summary>Whatever goes wrong where a person looks, a person gets a page, in their language, with its status.</summary>
public sealed class ErrorPageTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    IdentityService service = null!;

    public async ValueTask InitializeAsync() => service = await IdentityService.StartAsync(database.ConnectionString, ("Demo:Accounts", "true"));

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Theory]
    [InlineData("ru", "Это наша ошибка")]
    [InlineData("en", "The fault is ours")]
    public async Task a_fault_of_ours_is_a_page(string language, string says)
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/sign-in", language);
        await database.SqlAsync("alter table accounts rename to accounts_away");
        try
        {
            ShouldBeAPage(
                await browser.SubmitAsync(page, ("userName", "olga@demo.volunteerbook.example"), ("password", DemoAccounts.Password)),
                HttpStatusCode.InternalServerError, says, language == "ru" ? null : "ru");
            ShouldBeAPage(await browser.GetAsync("/account/error", language), HttpStatusCode.InternalServerError, says, null);
        }
        finally
        {
            await database.SqlAsync("alter table accounts_away rename to accounts");
        }
    }

    [Theory]
    [InlineData("/account/sign-in?returnUrl=%00", HttpStatusCode.BadRequest)]
    [InlineData("/connect/authorize?client_id=%00", HttpStatusCode.BadRequest)]
    [InlineData("/account/there-is-none", HttpStatusCode.NotFound)]
    public async Task a_refused_request_is_a_page(string address, HttpStatusCode status)
    {
        using var browser = service.NewBrowser();
        ShouldBeAPage(await browser.GetAsync(address, "en"), status, "Something went wrong", null);
    }

    [Fact]
    public async Task a_machine_is_answered_with_a_problem()
    {
        using var answer = await service.Http.GetAsync("/connect/there-is-none");
        (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.NotFound, "application/problem+json"));
    }

    // The form is sent without a language of its own: the answer is then in the first.
    static void ShouldBeAPage(Browser.Page page, HttpStatusCode status, string says, string? otherwise)
    {
        page.Status.ShouldBe(status);
        page.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        page.Html.ShouldContain(otherwise is null ? says : "Это наша ошибка");
        page.Answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldContain("default-src 'none'");
        page.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }
}
