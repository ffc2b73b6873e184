using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>What administrators decided about organisations.</summary>
public sealed class AuditTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private static readonly Guid Admin = Guid.NewGuid();
    private static readonly Guid Other = Guid.NewGuid();
    private static readonly Guid Organisation = Guid.NewGuid();

    [Fact]
    public async Task it_says_what_was_decided_by_whom_when_and_why_and_leads_to_the_organisation()
    {
        portal.Answer("organisations/decisions", Given.Page(
            Decided("organisation_suspended", Other, "Главная Ада", new { reason = "Жалобы" }), Decided("organisation_approved", Admin, null, new { })));
        var (status, html) = await portal.GetAsync("/administration/audit", Admin, role: Roles.Administrator);
        status.ShouldBe(200);
        html.ShouldContain("Работа приостановлена");
        html.ShouldContain("Администратор: Главная Ада");
        html.ShouldContain("<q>Жалобы</q>");
        html.ShouldContain("datetime=\"2026-11-05T09:30:00Z\"");
        html.ShouldContain($"""<a href="/administration/organisations/{Organisation}">Тёплый дом</a>""");
        html.ShouldContain("""<span class="by">Вы</span>""");
        html.ShouldContain($"/administration/audit?by={Other}");
    }

    [Fact]
    public async Task of_one_administrator_it_asks_for_theirs_alone_and_leads_back_to_all()
    {
        portal.Answer("organisations/decisions", Given.Page(Decided("organisation_suspended", Other, "Главная Ада", new { reason = "Жалобы" })));
        var (_, html) = await portal.GetAsync($"/administration/audit?by={Other}", Admin, role: Roles.Administrator);
        portal.AllAsked.ShouldContain($"organisations/decisions?by={Other}");
        html.ShouldContain("Показаны решения одного администратора: Главная Ада.");
        html.ShouldContain("""<a href="/administration/audit">Показать решения всех</a>""");
    }

    [Fact]
    public async Task it_is_for_administrators_and_says_when_there_is_nothing()
    {
        portal.Answer("organisations/decisions", Given.Page());
        (await portal.GetAsync("/administration/audit", Admin)).Status.ShouldBe(403);
        (await portal.GetAsync("/administration/audit", Admin, role: Roles.Administrator)).Html.ShouldContain("Решений ещё не было.");
    }

    private static object Decided(string type, Guid by, string? byName, object data) => new
    {
        organisationId = Organisation,
        organisation = "Тёплый дом",
        byName,
        change = new { version = 2, type, at = "2026-11-05T09:30:00Z", by, byKind = "person", correlationId = (string?)null, data },
    };
}
