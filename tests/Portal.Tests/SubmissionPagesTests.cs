using System.Net;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>A decision is made on what is seen, and who wrote it knows who sees it.</summary>
[Trait("Feature", "F9")]
public sealed class SubmissionPagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Doing = "aria-labelledby=\"doing\"";
    private readonly Guid person = Guid.NewGuid();
    private readonly Guid organisation = Guid.NewGuid();
    private readonly Guid id = Guid.NewGuid();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4000, 1)]
    [InlineData(40, 20)]
    public async Task the_case_page_shows_what_was_done_and_the_documents_before_one_decides(int letters, int documents)
    {
        var words = new string('щ', letters);
        ACase(Given.Words(words, [.. Enumerable.Range(0, documents).Select(n => Given.Document($"Письмо {n}", n == 3 ? null : $"https://files.example/{n}"))]));
        var (status, html) = await portal.GetAsync($"/coordination/cases/{id}", person);
        html = WebUtility.HtmlDecode(html);
        status.ShouldBe(200);
        html.ShouldContain(Doing);
        Row(html, "Что сделано").ShouldContain(letters == 0 ? "Не указано" : words);
        var shown = Row(html, "Подтверждающие документы");
        Regex.Count(shown, "<li>").ShouldBe(documents);
        Regex.Count(shown, "<a href=\"https://files.example/[0-9]+\" rel=\"noopener noreferrer nofollow\">Письмо")
            .ShouldBe(documents > 3 ? documents - 1 : documents);
        shown.Contains("Не указано", StringComparison.Ordinal).ShouldBe(documents == 0);
        html.IndexOf("Подтверждающие документы", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf(Doing, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("return", 412, "stale-version")]
    [InlineData("reject", 409, "case-not-open")]
    public async Task a_reason_that_comes_too_late_is_shown_to_who_wrote_it(string action, int status, string code)
    {
        ACase(Given.Words("слова"));
        portal.Answer($"cases/{id}", Given.Case(id, organisation, "cancelled", canDecide: false));
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("organisations", Given.Page());
        portal.Refuse($"POST cases/{id}/{(action == "return" ? "return" : "rejection")}", status, code);
        const string Reason = "Смены не было: ведомость за май";

        var (_, html) = await portal.PostAsync(
            "/book/new", $"/coordination/cases/{id}", person,
            ("do", action), ("reason", Reason), ("etag", "\"1\""), ("idempotencyKey", Guid.NewGuid().ToString()));

        WebUtility.HtmlDecode(html).ShouldContain(Reason);
    }

    [Fact]
    public async Task words_that_were_for_the_volunteers_own_eyes_are_said_to_be_withheld_and_not_to_be_none()
    {
        ACase(new { description = (string?)null, documents = Array.Empty<object>(), withheld = true });

        var html = WebUtility.HtmlDecode((await portal.GetAsync($"/coordination/cases/{id}", person)).Html);

        Row(html, "Что сделано").ShouldContain("их видел только сам волонтёр");
        html.ShouldNotContain("Не указано");
        html.ShouldContain(Doing);
    }

    [Fact]
    public async Task of_a_change_the_words_that_stand_are_beside_those_that_are_asked()
    {
        ACase(Given.Words("Копал и сажал", Given.Document("Новое письмо")), Given.Words("Только копал", Given.Document("Старое письмо")),
            new
            {
                revision = 1,
                facts = new
                {
                    organisationId = organisation,
                    project = "П",
                    taskType = "E12",
                    region = "RU-MOW",
                    shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 120 } },
                },
            });
        var html = WebUtility.HtmlDecode((await portal.GetAsync($"/coordination/cases/{id}", person)).Html);
        foreach (var says in new[] { "<del>Только копал</del>", "<ins>Копал и сажал</ins>", "<del>Старое письмо", "<ins>Новое письмо" })
        {
            html.ShouldContain(says);
        }
    }

    [Fact]
    public async Task what_was_decided_when_the_entry_had_been_withdrawn_is_still_shown_with_its_signature()
    {
        ACase(Given.Words("Копал"));
        portal.Answer($"cases/{id}", Given.Case(
            id, organisation, "cancelled", canDecide: false, decision: new { at = "2026-05-10T10:00:00Z" },
            overtaken: new
            {
                status = "confirmed",
                by = Guid.NewGuid(),
                at = "2026-05-10T10:00:01Z",
                kid = "k1",
                signature = "a.b.c",
                confirmedInPart = new
                {
                    organisationId = organisation,
                    project = "П",
                    taskType = "E12",
                    region = "RU-MOW",
                    shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 60 } },
                },
            }));
        var html = WebUtility.HtmlDecode((await portal.GetAsync($"/coordination/cases/{id}", person)).Html);
        var shown = html[html.IndexOf("Решение пришло, когда запись уже была отозвана", StringComparison.Ordinal)..];
        Row(shown, "Решение").ShouldBe("Подтверждено");
        Row(shown, "Ключ организации").ShouldContain("k1");
        shown.ShouldContain("a.b.c");
        shown.ShouldContain("<strong class=\"amount\">1");
        shown.ShouldNotContain("Ответ волонтёра");
        html.ShouldNotContain(Doing);
    }

    [Fact]
    public async Task what_cannot_be_read_just_now_is_not_decided_on()
    {
        ACase(Given.Words("Копал"));
        portal.Refuse("cases/submissions", 503, "unavailable");
        var (status, html) = await portal.GetAsync($"/coordination/cases/{id}", person);
        html = WebUtility.HtmlDecode(html);
        status.ShouldBe(200);
        html.ShouldContain("Сейчас не удаётся показать описание и документы");
        html.ShouldNotContain(Doing);
    }

    [Fact]
    public async Task by_one_signature_nothing_is_confirmed_unseen()
    {
        ACase(Given.Words("Копал и сажал", Given.Document("Письмо от врача")));
        Desk();
        portal.Answer(
            "cases",
            new { items = new[] { Given.Case(id, organisation) }, next = (string?)null, open = 1, oldestOpenedAt = "2026-05-09T00:00:00Z", overdue = 0 });
        portal.Answer("manifests", new
        {
            statement = "{}",
            statements = new[]
            {
                $$"""{"caseId":"{{id}}","volunteerId":"{{Guid.NewGuid()}}","project":"П","taskType":"E12","region":"RU-MOW","shifts":[{"start":"2026-05-08T10:00:00","zone":"Europe/Moscow","minutes":240}],"minutes":240,"points":0}""",
            },
        });

        var (queue, confirmation) = ($"/coordination/{organisation}/queue", $"/coordination/{organisation}/confirmation");
        var html = WebUtility.HtmlDecode((await portal.PostAsync(queue, confirmation, person, ("do", "chosen"), ("case", id.ToString()))).Html);
        Row(html, "Что сделано").ShouldContain("Копал и сажал");
        Row(html, "Подтверждающие документы").ShouldContain("Письмо от врача");
        html.ShouldContain(Doing);

        portal.Refuse("cases/submissions", 503, "unavailable");
        html = WebUtility.HtmlDecode((await portal.PostAsync(queue, confirmation, person, ("do", "chosen"), ("case", id.ToString()))).Html);
        html.ShouldContain("Сейчас не удаётся показать описание и документы");
        html.ShouldNotContain(Doing);
    }

    [Fact]
    public async Task who_is_asked_by_a_link_reads_what_was_done()
    {
        portal.Answer("inquiries/token", new
        {
            name = "Мария Петрова",
            organisation = "Тёплый дом",
            volunteer = "Ёлкина Агния",
            project = "П",
            taskType = "E12",
            region = "RU-MOW",
            level = "participant",
            shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 240 } },
            minutes = 240,
            until = "2027-01-01T00:00:00Z",
            description = "Копал и сажал",
        });
        Row(WebUtility.HtmlDecode((await portal.GetAsync("/inquiry/token")).Html), "Что сделано").ShouldContain("Копал и сажал");
    }

    [Fact]
    public async Task who_writes_it_is_told_who_reads_it_before_and_after()
    {
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("organisations", Given.Page());
        portal.Answer("book/as-of", new { items = Array.Empty<object>(), overlaps = Array.Empty<object>(), totals = (object?)null });
        var html = WebUtility.HtmlDecode((await portal.GetAsync("/book/new", person)).Html);
        Regex.Count(html, "координаторы организации и их заместители").ShouldBe(2);
        html.ShouldNotContain("Видите только вы");

        foreach (var (caseId, wordsShown, says) in new (Guid?, bool, string)[]
        {
            (null, false, "Пока запись не отправлена — только вы."),
            (id, true, "Координаторы организации и их заместители"),
            (id, false, "когда запись отправляли, организация этого не видела"),
        })
        {
            portal.Answer($"entries/{id}", new
            {
                id,
                organisationId = organisation,
                project = "П",
                taskType = "E12",
                region = "RU-MOW",
                shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 240 } },
                minutes = 240,
                claimedMinutes = 240,
                status = caseId is null ? "draft" : "submitted",
                grade = "selfDeclared",
                source = "volunteer",
                loggedAt = "2026-05-09T00:00:00Z",
                description = "Копал",
                caseId,
                wordsShown,
            });
            portal.Answer($"entries/{id}/history", Array.Empty<object>());
            Row(WebUtility.HtmlDecode((await portal.GetAsync($"/book/{id}", person)).Html), "Кто это видит").ShouldContain(says);
        }
    }

    [Fact]
    public async Task who_settles_a_dispute_sees_it_too()
    {
        ACase(Given.Words("Копал и сажал", Given.Document("Письмо от врача")), dispute: new
        {
            openedAt = "2026-05-10T00:00:00Z",
            messages = new[] { new { side = "volunteer", at = "2026-05-10T00:00:00Z", text = "Была там" } },
        });
        var html = WebUtility.HtmlDecode((await portal.GetAsync($"/administration/disputes/{id}", person, role: "administrator")).Html);
        Row(html, "Что сделано").ShouldContain("Копал и сажал");
        Row(html, "Подтверждающие документы").ShouldContain("Письмо от врача");
    }

    private void Desk() => portal.Answer(
        "organisations/mine", new[] { new { id = organisation, name = "Тёплый дом", ogrn = "1027700132195", region = "RU-MOW", status = "approved" } });

    private void ACase(object asked, object? standing = null, object? amends = null, object? dispute = null)
    {
        portal.Answer($"cases/{id}", Given.Case(id, organisation, amends: amends, dispute: dispute));
        portal.Answer($"cases/{id}/history", Array.Empty<object>());
        portal.Answer($"cases/{id}/inquiries", Array.Empty<object>());
        portal.Answer("cases/submissions", new[] { new { caseId = id, asked, standing } });
    }

    // What stands beside a term of a list of facts.
    private static string Row(string html, string term) =>
        Regex.Match(html, $"<dt>{term}</dt>\\s*<dd[^>]*>(.*?)</dd>", RegexOptions.Singleline).Groups[1].Value;
}
