using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>
/// The pictures of the help are made here, of the pages as they are, with an example's data: with <c>MAKE_PICTURES=1</c> they are written to
/// gateway/Portal/wwwroot/pictures, otherwise they must be there, of the size that the help names, and small; and what they show must still be on the pages.
/// </summary>
public sealed partial class HelpPicturesTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private const int Width = Parts.Shown.Width, Height = Parts.Shown.Height, MostBytes = 40 * 1024;
    private static readonly Guid Person = Guid.NewGuid(), Organisation = Guid.NewGuid(), Case = Guid.NewGuid();

    /// <summary>The picture, its page, and what it begins and must show.</summary>
    public static TheoryData<string, string, string> Pictures() => new()
    {
        { "log", "/book/new?organisationId={0}", "main form.sheet" },
        { "confirm", "/coordination/cases/{1}", "main h1" },
        { "check", "/check/VB-2026-7QX4M-K2DT9", "main .verdict" },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task a_picture_shows_a_page_in_both_languages_and_looks_and_is_small(string name, string path, string shown)
    {
        World();
        foreach (var (language, locale) in new[] { ("ru", "ru-RU"), ("en", "en-GB") })
        {
            foreach (var (look, scheme) in new[] { ("light", ColorScheme.Light), ("dark", ColorScheme.Dark) })
            {
                var page = await browser.OpenAsync(portal.Address, Width, language: locale, scheme: scheme);
                await page.Context.AddCookiesAsync([new Cookie { Name = "person", Value = Person.ToString(), Url = portal.Address.ToString() }]);
                (await page.GotoAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Organisation, Case)))!.Status.ShouldBe(200);
                var top = (await page.Locator(shown).First.BoundingBoxAsync())!.Y;
                var file = Path.Combine(Root(), "gateway", "Portal", "wwwroot", "pictures", $"{name}-{language}-{look}.webp");
                if (Environment.GetEnvironmentVariable("MAKE_PICTURES") == "1")
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                    await File.WriteAllBytesAsync(file, await PictureAsync(page, top), TestContext.Current.CancellationToken);
                }

                var kept = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
                kept.Length.ShouldBeLessThan(MostBytes);
                (await page.EvaluateAsync<int[]>(Size, Convert.ToBase64String(kept))).ShouldBe([Width, Height]);
                using var answer = await portal.AnswerAsync("/pictures/" + Path.GetFileName(file));
                answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/webp");
            }
        }
    }

    [Fact]
    public async Task the_help_shows_the_pictures_of_its_language_and_look()
    {
        Sources((await portal.GetAsync("/help")).Html).ShouldBe(Names("ru", "dark", "light"), ignoreOrder: true);
        Sources((await portal.GetAsync("/en/help", cookie: "theme=dark")).Html).ShouldBe(Names("en", "dark"), ignoreOrder: true);

        static IEnumerable<string> Sources(string html) => Picture().Matches(html).Select(match => match.Groups[1].Value);

        static IEnumerable<string> Names(string language, params string[] looks) =>
            Pictures().SelectMany(row => looks.Select(look => $"{row.Data.Item1}-{language}-{look}.webp"));
    }

    // A browser writes WebP; what drives it writes PNG only.
    private static async Task<byte[]> PictureAsync(IPage page, float top)
    {
        var clip = new Clip { X = 0, Y = Math.Max(0, top - 16), Width = Width, Height = Height };
        var png = await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Clip = clip });
        return Convert.FromBase64String(await page.EvaluateAsync<string>(
            """
            async png => {
                const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), c => c.charCodeAt(0))]));
                const canvas = document.createElement('canvas');
                [canvas.width, canvas.height] = [image.width, image.height];
                canvas.getContext('2d').drawImage(image, 0, 0);
                return canvas.toDataURL('image/webp', .8).split(',')[1];
            }
            """,
            Convert.ToBase64String(png)));
    }

    private const string Size =
        """
        async webp => {
            const image = await createImageBitmap(new Blob([Uint8Array.from(atob(webp), c => c.charCodeAt(0))]));
            return [image.width, image.height];
        }
        """;

    private void World()
    {
        portal.Forget();
        var organisation = new { id = Organisation, name = "Чистый берег", ogrn = "1027700132195", region = "RU-MOW", status = "approved" };
        portal.Answer("organisations/mine", new[] { organisation });
        portal.Answer($"organisations/{Organisation}", organisation);
        portal.Answer("organisations", Given.Page(organisation));
        portal.Answer("volunteers/me", new
        {
            id = Person,
            name = new { family = "Смирнова", given = "Анна" },
            region = "RU-MOW",
            registeredAt = "2026-01-01T00:00:00Z",
            consent = new { version = "2026-12-01", at = "2026-12-02T10:00:00Z" },
        });
        portal.Answer("volunteers/names", new[] { new { id = Person, displayName = "Смирнова Анна" } });
        portal.Answer($"cases/{Case}", new
        {
            id = Case,
            entryId = Guid.NewGuid(),
            volunteerId = Person,
            organisationId = Organisation,
            project = "Уборка берега",
            taskType = "E12",
            region = "RU-MOW",
            shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 270 } },
            minutes = 270,
            status = "open",
            openedAt = "2026-05-09T08:00:00Z",
            dueAt = "2027-05-23T08:00:00Z",
            statement = "{}",
            canDecide = true,
            kids = Array.Empty<string>(),
            points = 0,
        });
        portal.Answer($"cases/{Case}/history", Array.Empty<object>());
        portal.Answer($"cases/{Case}/inquiries", Array.Empty<object>());
        portal.Answer("cases/submissions", Array.Empty<object>());
        portal.Answer("checks/VB-2026-7QX4M-K2DT9", new
        {
            valid = true,
            file = (object?)null,
            issued = new
            {
                number = "VB-2026-7QX4M-K2DT9",
                kind = "extract",
                issuer = "Электронная книжка волонтёра",
                issuedAt = "2026-06-01T09:00:00Z",
                scope = new { },
                asOf = "2026-06-01T09:00:00Z",
                stands = true,
                changed = Array.Empty<object>(),
                grades = new { signed = 2400, confirmed = 60, matched = 0, checkedIn = 0, selfDeclared = 0 },
            },
        });
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VolunteerBook.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex("/pictures/([^\"]+)\"")]
    private static partial Regex Picture();
}
