using System.Net;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>The analysts' workplace.</summary>
public sealed class DataPageTests : IClassFixture<PortalHost>
{
    private readonly PortalHost portal;
    private readonly Guid person = Guid.NewGuid();

    public DataPageTests(PortalHost portal)
    {
        this.portal = portal;
        portal.Forget();
        foreach (var service in new[] { "verification", "vacancies", "profiles" })
        {
            portal.Answer($"events/{service}/state", new { position = 0, types = new[] { "nothing_yet" } });
        }

        portal.Answer("events/ledger/state", new { position = 1204, at = "2026-11-30T21:30:00Z", types = new[] { "entry_confirmed", "entry_logged" } });
        portal.Answer("events/ledger", new { type = "entry_confirmed", sequence = "1204", data = new { facts = new { project = "Чистый берег" } } });
    }

    [Fact]
    public async Task an_analyst_sees_every_log_its_latest_events_and_how_to_read_it()
    {
        var (status, html) = await portal.GetAsync("/data", person, role: "analyst");

        status.ShouldBe(200);
        var text = WebUtility.HtmlDecode(html);
        text.ShouldContain("1\u00a0204");
        text.ShouldContain("Виды событий: 2");
        text.ShouldContain("\"project\": \"Чистый берег\"");
        portal.Asked["events/ledger"].ShouldBe("events/ledger?after=1201");
        html.ShouldContain("href=\"/data/ledger\"");
        text.ShouldContain($"curl -fsS {portal.Address.ToString().TrimEnd('/')}/connect/token");
        // Of an empty log nothing is asked, and it says that it is empty.
        portal.Asked.Keys.ShouldNotContain("events/verification");
        text.ShouldContain("Пока ничего не произошло.");
        // A log whose service is away leaves the others.
        text.ShouldContain("недоступен");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("coordinator")]
    public async Task nobody_else_does(string? role)
    {
        foreach (var path in new[] { "/data", "/data/ledger" }) (await portal.GetAsync(path, person, role: role)).Status.ShouldBe(403);
        (await portal.GetAsync("/", person, role: role)).Html.ShouldNotContain("href=\"/data\"");
    }

    [Fact]
    public async Task an_analysts_home_leads_there() =>
        (await portal.GetAsync("/", person, role: "analyst")).Html.ShouldContain("href=\"/data\"");

    [Fact]
    public async Task a_log_is_saved_whole_and_a_log_that_there_is_not_is_not_found()
    {
        using var saved = await portal.AnswerAsync("/data/ledger", person: person, role: "analyst");
        saved.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        saved.Content.Headers.ContentDisposition!.FileName.ShouldBe("ledger.ndjson");
        (await saved.Content.ReadAsStringAsync()).ShouldContain("entry_confirmed");
        (await portal.GetAsync("/data/identity", person, role: "analyst")).Status.ShouldBe(404);
    }
}
