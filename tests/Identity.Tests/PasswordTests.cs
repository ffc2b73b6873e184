using System.Net;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

/// <summary>What NIST SP 800-63B-4 asks of passwords and of those who check them.</summary>
public sealed class PasswordTests(DemoIdentity identity) : IClassFixture<DemoIdentity>
{
    readonly IdentityService service = identity.Service;

    [Theory]
    [InlineData("1234567890", "короче 15 символов")]
    [InlineData("123456789012345", "подбирают первыми")]
    [InlineData("passwordpassword", "подбирают первыми")]
    [InlineData("Password-1234567", "подбирают первыми")]
    [InlineData("P@ssw0rd P@ssw0rd", "подбирают первыми")]
    [InlineData("qwertyuiop[]asdfgh", "подбирают первыми")]
    [InlineData("йцукенгшщзхъфыва", "подбирают первыми")]
    [InlineData("gfhjkmgfhjkm2026", "подбирают первыми")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "подбирают первыми")]
    [InlineData("abcabcabcabcabcabc", "подбирают первыми")]
    [InlineData("correct horse battery staple", "подбирают первыми")]
    [InlineData("Книжка волонтёра 2026", "подбирают первыми")]
    [InlineData("VolunteerBook-2026", "подбирают первыми")]
    [InlineData("nadezhda.petrova@people.example", "подбирают первыми")]
    [InlineData("NadezhdaPetrova2026!", "подбирают первыми")]
    public async Task a_password_that_is_tried_first_is_refused(string password, string said)
    {
        using var browser = service.NewBrowser();
        var page = await RegisterAsync(browser, "nadezhda.petrova@people.example", password);
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Alert.ShouldContain(said);
    }

    [Theory]
    [InlineData("three plain words")]
    [InlineData("ежевика у забора")]
    [InlineData("vmqkhtzrwpxlcnb")]
    [InlineData("  spaces stand at both ends  ")]
    [InlineData("🦔🍎🌲🚲🕯🧭🪁🫖🧶🪴🎈🥁🧲🔔🗝")]
    [InlineData("λόγος μῆλον ἀνεμώνη")]
    [InlineData("a sentence of more than two hundred and fifty-six letters, which nobody would type twice of their own free will but which a manager of "
        + "passwords may well have made, goes through this form whole and is not cut at any place, because what is cut is not what was chosen")]
    public async Task any_other_long_password_will_do_whatever_it_is_made_of(string password)
    {
        using var browser = service.NewBrowser();
        var userName = $"{Guid.NewGuid():N}@people.example";
        (await RegisterAsync(browser, userName, password)).Path.ShouldBe("/account/sign-in");
        (await browser.SignInAsync(userName, password)).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task the_same_letters_are_the_same_password_however_the_keyboard_composes_them()
    {
        using var browser = service.NewBrowser();
        var userName = $"{Guid.NewGuid():N}@people.example";
        await RegisterAsync(browser, userName, "мой ёжик в лесу".Normalize(System.Text.NormalizationForm.FormD));
        (await browser.SignInAsync(userName, "мой ёжик в лесу".Normalize(System.Text.NormalizationForm.FormC))).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task a_code_point_counts_once()
    {
        using var browser = service.NewBrowser();
        // Fourteen code points, twenty-eight UTF-16 units.
        (await RegisterAsync(browser, $"{Guid.NewGuid():N}@people.example", "🦔🍎🌲🚲🕯🧭🪁🫖🧶🪴🎈🥁🧲🔔")).Alert.ShouldContain("короче 15 символов");
    }

    [Fact]
    public async Task registration_gives_one_answer_whether_or_not_the_address_has_an_account()
    {
        using var browser = service.NewBrowser();
        var address = $"{Guid.NewGuid():N}@people.example";
        var unknown = await RegisterAsync(browser, address, "three plain words");
        var known = await RegisterAsync(browser, address, "four quite plain words");
        known.Status.ShouldBe(unknown.Status);
        known.Answer.RequestMessage!.RequestUri.ShouldBe(unknown.Answer.RequestMessage!.RequestUri);
        known.Plain.ShouldBe(unknown.Plain);

        // Nothing was changed by it.
        (await browser.SignInAsync(address, "four quite plain words")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.SignInAsync(address, "three plain words")).Parameter("code").ShouldNotBeNull();
    }

    static async Task<Browser.Page> RegisterAsync(Browser browser, string userName, string password) =>
        await browser.SubmitAsync(await browser.GetAsync("/account/register"), ("userName", userName), ("password", password), ("repeated", password));
}
