using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>All about one organisation, for an administrator.</summary>
public sealed class AdministeredOrganisationTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly Guid Admin = Guid.NewGuid();
    private static readonly Guid Applicant = Guid.NewGuid();
    private readonly Guid id = Guid.NewGuid();

    private string Page => $"/administration/organisations/{id}";

    [Fact]
    public async Task it_says_who_asked_who_decided_who_coordinates_and_what_changed_by_name_and_never_by_a_code()
    {
        var nameless = Guid.NewGuid();
        Is("approved", new { approved = true, by = Admin, at = "2026-11-03T09:30:00Z", reason = (string?)null });
        portal.Answer($"organisations/{id}/coordinators", new[]
        {
            new { personId = Applicant, name = (string?)"Заявителева Ева", from = "2026-11-03T09:30:00Z" },
            new { personId = nameless, name = (string?)null, from = "2026-11-04T09:30:00Z" },
        });
        portal.Answer(
            $"organisations/{id}/keys",
            new[] { new { kid = "QWERTY", name = "Ноутбук", revokedAt = "2026-11-09T00:00:00Z", revocationReason = "Потерян" } });
        portal.Answer($"organisations/{id}/history", new object[]
        {
            Change(1, "organisation_registered", Applicant, new { name = "Тёплый дом" }),
            Change(2, "organisation_approved", Admin, new { name = "Тёплый дом" }),
            Change(3, "coordinator_appointed", Admin, new { personId = Applicant }),
            Change(4, "coordinator_appointed", Applicant, new { personId = nameless }),
            Change(5, "signing_key_revoked", nameless, new { reason = "Потерян" }),
        });

        var (status, html) = await portal.GetAsync(Page, Admin, role: Roles.Administrator);
        status.ShouldBe(200);
        html.ShouldContain("<h1>Тёплый дом</h1>");
        html.ShouldContain("""<span class="status good">Одобрена</span>""");
        html.ShouldContain("datetime=\"2026-11-02T09:30:00Z\"");
        html.ShouldContain("<dd>Главная Ада</dd>");
        html.ShouldContain("Имя не указано");
        html.ShouldContain("""<span class="status bad">Отозван</span>""");
        html.ShouldContain("Заявитель: Заявителева Ева");
        html.ShouldContain("<span>Заявителева Ева</span>");
        html.ShouldContain("<q>Потерян</q>");
        html.ShouldContain($"/organisations/{id}\"");
        html.ShouldNotContain("name=\"do\" value=\"approve\"");
        new[] { Applicant, nameless }.ShouldAllBe(person => !html.Contains(person.ToString()));
    }

    [Fact]
    public async Task one_that_waits_is_admitted_or_refused_here_and_a_refusal_needs_a_reason()
    {
        Is("pending", null);
        portal.Answer($"organisations/{id}/approval", new { });
        portal.Answer($"organisations/{id}/refusal", new { });
        portal.Role = Roles.Administrator;

        var (status, html) = await portal.PostAsync(Page, Page, Admin, ("organisation", $"{id}"), ("do", "refuse"), ("reason", " "));
        status.ShouldBe(422);
        html.ShouldContain("Укажите причину отказа");
        portal.Sent.ShouldNotContainKey($"organisations/{id}/refusal");

        (await portal.LeadsToAsync(Page, Admin, ("organisation", $"{id}"), ("do", "refuse"), ("reason", "Нет такого ОГРН"))).ShouldBe(Page);
        Regex.Unescape(portal.Sent[$"organisations/{id}/refusal"]).ShouldContain("Нет такого ОГРН");
        (await portal.LeadsToAsync(Page, Admin, ("organisation", $"{id}"), ("do", "approve"))).ShouldBe(Page);
        portal.Sent.ShouldContainKey($"organisations/{id}/approval");
    }

    [Fact]
    public async Task an_approved_one_is_suspended_with_a_reason_and_a_suspended_one_reinstated()
    {
        Is("approved", null);
        portal.Answer($"organisations/{id}/suspension", new { });
        portal.Answer($"organisations/{id}/reinstatement", new { });
        portal.Role = Roles.Administrator;
        var (_, html) = await portal.GetAsync(Page, Admin, role: Roles.Administrator);
        html.ShouldContain("""value="suspend">Приостановить</button>""");
        html.ShouldNotContain("value=\"reinstate\"");

        (var status, html) = await portal.PostAsync(Page, Page, Admin, ("do", "suspend"), ("reason", " "));
        status.ShouldBe(422);
        html.ShouldContain("href=\"#reason\"");
        portal.Sent.ShouldNotContainKey($"organisations/{id}/suspension");
        (await portal.LeadsToAsync(Page, Admin, ("do", "suspend"), ("reason", "Жалобы"))).ShouldBe(Page);
        Regex.Unescape(portal.Sent[$"organisations/{id}/suspension"]).ShouldContain("Жалобы");

        Is("approved", null, "2026-11-06T09:30:00Z", "Жалобы");
        html = (await portal.GetAsync(Page, Admin, role: Roles.Administrator)).Html;
        html.ShouldContain("""<span class="status bad">Приостановлена</span>""");
        html.ShouldContain("<dd>Жалобы</dd>");
        html.ShouldContain("datetime=\"2026-11-06T09:30:00Z\"");
        html.ShouldNotContain("value=\"suspend\"");
        (await portal.LeadsToAsync(Page, Admin, ("do", "reinstate"), ("reason", "Проверили"))).ShouldBe(Page);
        Regex.Unescape(portal.Sent[$"organisations/{id}/reinstatement"]).ShouldContain("Проверили");
    }

    [Fact]
    public async Task a_correction_begins_with_how_things_are_needs_a_reason_and_stands_in_the_history_with_before_and_after()
    {
        Is("approved", null);
        portal.Answer($"organisations/{id}/corrections", new { });
        portal.Answer($"organisations/{id}/history", new[]
        {
            Change(4, "organisation_corrected", Admin,
                new { name = "Тёплый дом", region = "RU-MOW", nameBefore = "Тёплый дым", regionBefore = "RU-SPE", reason = "По выписке" }),
        });
        portal.Role = Roles.Administrator;
        var (_, html) = await portal.GetAsync(Page, Admin, role: Roles.Administrator);
        html.ShouldContain("value=\"Тёплый дом\"");
        html.ShouldContain("<span>Было: Тёплый дым (Санкт-Петербург). Стало: Тёплый дом (Москва)</span>");
        html.ShouldContain("<q>По выписке</q>");

        (var status, html) = await portal.PostAsync(Page, Page, Admin, ("do", "correct"), ("name", "Тёплый двор"), ("region", "RU-SPE"), ("why", ""));
        status.ShouldBe(422);
        html.ShouldContain("href=\"#why\"");
        html.ShouldContain("value=\"Тёплый двор\"");
        portal.Refuse($"organisations/{id}/corrections", 400, "rule-broken", new { reason = new[] { "The reason is too long." } });
        html = (await portal.PostAsync(Page, Page, Admin, ("do", "correct"), ("name", "Тёплый двор"), ("region", "RU-SPE"), ("why", "Ошибка"))).Html;
        html.ShouldContain("href=\"#why\"");
        portal.Answer($"organisations/{id}/corrections", new { });
        (await portal.LeadsToAsync(Page, Admin, ("do", "correct"), ("name", "Тёплый двор"), ("region", "RU-SPE"), ("why", "Ошибка"))).ShouldBe(Page);
        Regex.Unescape(portal.Sent[$"organisations/{id}/corrections"])
            .ShouldBe("""{"name":"Тёплый двор","region":"RU-SPE","reason":"Ошибка"}""");
    }

    [Fact]
    public async Task its_public_page_says_that_it_is_suspended_and_its_coordinators_read_why()
    {
        var suspended = new
        {
            id,
            name = "Тёплый дом",
            ogrn = "1027700132195",
            region = "RU-MOW",
            status = "approved",
            reason = "Жалобы",
            suspendedAt = "2026-11-06T09:30:00Z",
        };
        portal.Answer($"organisations/{id}", suspended with { reason = null! });
        var (_, html) = await portal.GetAsync($"/organisations/{id}");
        html.ShouldContain("Работа организации приостановлена <time");
        portal.Answer("organisations/mine", new[] { suspended });
        portal.Answer($"organisations/{id}/coordinators", Array.Empty<object>());
        portal.Answer($"organisations/{id}/invitations", Array.Empty<object>());
        html = (await portal.GetAsync($"/coordination/{id}/coordinators", Applicant)).Html;
        html.ShouldContain("Администратор приостановил работу организации <time");
        html.ShouldContain("<q>Жалобы</q>");
        html = (await portal.GetAsync($"/coordination/{id}", Applicant)).Html;
        html.ShouldContain("""<span class="status bad">Приостановлена</span>""");
        html.ShouldContain("пока она не может подтверждать часы");
    }

    [Fact]
    public async Task nobody_else_sees_it()
    {
        Is("approved", null);
        (await portal.GetAsync(Page, Admin)).Status.ShouldBe(403);
        (await portal.GetAsync($"/administration/organisations/{Guid.NewGuid()}", Admin, role: Roles.Administrator)).Status.ShouldBe(404);
    }

    private static object Change(int version, string type, Guid by, object data) =>
        new { version, type, at = "2026-11-05T09:30:00Z", by, byKind = "person", correlationId = (string?)null, data };

    private void Is(string state, object? decision, string? suspendedAt = null, string? reason = null)
    {
        portal.Answer($"organisations/{id}/admission", new
        {
            organisation = new { id, name = "Тёплый дом", ogrn = "1027700132195", region = "RU-MOW", status = state, reason, suspendedAt },
            askedBy = Applicant,
            askedAt = "2026-11-02T09:30:00Z",
            decision,
            people = new[] { new { personId = Applicant, name = "Заявителева Ева" }, new { personId = Admin, name = "Главная Ада" } },
        });
        portal.Answer($"organisations/{id}/coordinators", Array.Empty<object>());
        portal.Answer($"organisations/{id}/keys", Array.Empty<object>());
        portal.Answer($"organisations/{id}/history", Array.Empty<object>());
    }
}
