using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Inquiries;
using Case = VolunteerBook.Verification.Cases.Case;

namespace VolunteerBook.Verification.Tests;

/// <summary>Verification that may send mail.</summary>
public sealed class InquiringHost : VerificationHost
{
    public MailServer Server { get; private set; } = null!;

    protected override async Task<ServiceSettings> WithAsync(ServiceSettings settings)
    {
        Server = await MailServer.CreateAsync();
        return settings.With("Issuer:Address", "https://book.example")
            .With("Mail:Host", "127.0.0.1").With("Mail:Security", "none").With("Mail:From", "post@book.example")
            .With("Mail:Port", Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>Somebody who was there, whom the organisation names, confirms without an account, once.</summary>
[Trait("Feature", "F10")]
public sealed partial class InquiriesOverHttp(InquiringHost host) : IClassFixture<InquiringHost>
{
    private HttpClient Witness => host.Service.Client();

    [Fact]
    public async Task names_and_addresses_lie_only_where_the_documents_say()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var asked = await organisation.Client.PostJsonAsync(
            $"/api/v1/cases/{id}/inquiries", new { name = "Зоя Щукина", email = "zoya.kept@example.org" }, idempotencyKey: "zoya.kept@example.org");
        await asked.ShouldBeAsync(HttpStatusCode.Created);
        await PersonalDataTables.ShouldBeAsListedAsync(host.Database, "Verification", "Щукина", "zoya.kept@example.org", "Ёлкина");
    }

    [Fact]
    public async Task four_hundred_decisions_on_one_case_at_once_are_one()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var answers = await Crowd.ShouldBeAnsweredAsync(
            key => organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/return", new { reason = "Какой день?" }, 1, key),
            () => organisation.Client.GetResponseAsync($"/api/v1/cases/{id}"));
        answers.Order().ShouldBe(Enumerable.Repeat(HttpStatusCode.PreconditionFailed, 399).Prepend(HttpStatusCode.NoContent));
    }

    [Fact]
    public async Task the_volunteer_does_not_answer_about_their_own_work()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        var token = await AskAsync(organisation, id, "myself@example.org");
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = true }))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("open");
        await (await host.Person(Guid.CreateVersion7()).PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = true }))
            .ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task nobody_confirms_for_an_organisation_that_was_suspended_after_it_asked_and_a_no_is_taken()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var token = await AskAsync(organisation, id, "afterwards@example.org");
        await organisation.SuspendAsync();
        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = true }))
            .ProblemAsync(HttpStatusCode.Conflict, "organisation-suspended");
        var read = await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}");
        (read.GetProperty("status").GetString(), read.GetProperty("canDecide").GetBoolean()).ShouldBe(("open", false));
        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = false, reason = "Не было" })).ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_named_person_reads_what_is_asked_and_confirms_it_once_without_a_signature()
    {
        using var organisation = new AnOrganisation(host);
        var entry = Guid.CreateVersion7();
        host.Said[$"{entry}.1"] = new
        {
            entryId = entry,
            revision = 1,
            asked = new { description = "Копал и сажал", documents = new[] { new { title = "Письмо от врача" } } },
            standing = (object?)null,
        };
        var id = await organisation.OpenCaseAsync(entry: entry);
        var token = await AskAsync(organisation, id, "petrova@example.org");
        var question = await Witness.GetJsonAsync($"/api/v1/inquiries/{token}");
        (
            question.GetProperty("name").GetString(), question.GetProperty("organisation").GetString(), question.GetProperty("volunteer").GetString(),
            question.GetProperty("minutes").GetInt32())
            .ShouldBe(("Мария Петрова", "Тёплый дом", "Ёлкина Агния", 240));
        // What was done is what is confirmed; the documents are between the volunteer and the organisation.
        question.GetProperty("description").GetString().ShouldBe("Копал и сажал");
        question.ToString().ShouldNotContain("Письмо от врача");

        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = true })).ShouldBeAsync(HttpStatusCode.NoContent);
        foreach (var again in new[]
        {
            await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = false, reason = "нет" }),
            await Witness.GetResponseAsync($"/api/v1/inquiries/{token}"),
        })
        {
            await again.ProblemAsync(HttpStatusCode.Gone, "inquiry-answered");
        }

        var confirmed = await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}");
        confirmed.GetProperty("status").GetString().ShouldBe("confirmed");
        confirmed.GetProperty("decision").TryGetProperty("signature", out var signature).ShouldBeTrue();
        signature.ValueKind.ShouldBe(JsonValueKind.Null);
        var listed = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/inquiries")).EnumerateArray().ShouldHaveSingleItem();
        (listed.GetProperty("confirms").GetBoolean(), listed.GetProperty("name").GetString()).ShouldBe((true, "Мария Петрова"));
        confirmed.GetProperty("decision").GetProperty("by").GetString().ShouldBe($"inquiry:{listed.GetProperty("id").GetGuid()}");

        await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var stored = (await session.Events.FetchStreamAsync(id)).Single(e => e.Data is CaseConfirmed);
        IntegrationEvents.ToContract(stored).ShouldBeOfType<CaseConfirmedV1>().Grade.ShouldBe(EvidenceGrade.Confirmed);
        // Who was asked is known beside the events, not in them; the token nowhere, once the mail is out.
        await Eventually.Is(async () => await CountAsync("select count(*) from outgoing_mail where recipient = 'petrova@example.org'") == 0);
        (await CountAsync("select count(*) from mt_events where data::text like '%Петрова%' or data::text like '%petrova%' or data::text like '%Ёлкина%'"))
            .ShouldBe(0);
        (await CountAsync($"select (select count(*) from case_inquiries c where position('{token}' in c::text) > 0) + (select count(*) from outgoing_mail m "
            + $"where position('{token}' in m::text) > 0)")).ShouldBe(0);
    }

    [Fact]
    public async Task a_no_leaves_the_case_to_the_organisation_which_reads_why()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var token = await AskAsync(organisation, id, "sidorov@example.org");
        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = false })).ProblemAsync(HttpStatusCode.BadRequest, "text-missing");
        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = false, reason = "Меня там не было." }))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("open");
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/inquiries"))[0].GetProperty("reason").GetString().ShouldBe("Меня там не было.");
    }

    [Fact]
    public async Task what_was_decided_meanwhile_is_not_asked_any_more_and_strangers_learn_nothing()
    {
        using var organisation = new AnOrganisation(host);
        using var other = new AnOrganisation(host);
        await other.ReadyAsync();
        var id = await organisation.OpenCaseAsync();
        var token = await AskAsync(organisation, id, "late@example.org");
        var version = (await organisation.Client.GetResponseAsync($"/api/v1/cases/{id}")).Version();
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/rejection", new { reason = "нет в списках" }, version))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await Witness.GetResponseAsync($"/api/v1/inquiries/{token}")).ProblemAsync(HttpStatusCode.Conflict, "case-not-open");
        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = true })).ProblemAsync(HttpStatusCode.Conflict, "case-not-open");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/inquiries", new { name = "Пётр", email = "p@example.org" }))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-open");

        await (await Witness.GetResponseAsync($"/api/v1/inquiries/{LinkToken.New()}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await other.Client.PostJsonAsync($"/api/v1/cases/{id}/inquiries", new { name = "Пётр", email = "p@example.org" }))
            .ProblemAsync(HttpStatusCode.NotFound);
        await (await other.Client.GetResponseAsync($"/api/v1/cases/{id}/inquiries")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task who_was_asked_and_did_not_answer_is_forgotten_after_a_year_and_who_answered_is_kept()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var answered = await AskAsync(organisation, id, "answered@example.org");
        await (await Witness.PostJsonAsync($"/api/v1/inquiries/{answered}", new { confirms = false, reason = "Не помню." }))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        var silent = await AskAsync(organisation, id, "silent@example.org");
        await AskAsync(organisation, id, "lately@example.org");
        foreach (var (email, days) in new[] { ("answered@example.org", 400), ("silent@example.org", 366), ("lately@example.org", 364) })
        {
            (await CountAsync(
                $"""
                with aged as (
                    update mt_doc_inquiry set data = jsonb_set(data, '{"{until}"}', to_jsonb(now() - make_interval(days => {days})))
                    where id = (select inquiry_id from case_inquiries where email = '{email}') returning 1)
                select count(*) from aged
                """)).ShouldBe(1);
        }

        await RemoverOf("case_inquiries").RemoveAsync(TestContext.Current.CancellationToken);

        // That somebody was asked stays.
        (await ListedAsync()).ShouldBe(["answered@example.org sent", " ", "lately@example.org sent"]);
        await (await Witness.GetResponseAsync($"/api/v1/inquiries/{silent}")).ProblemAsync(HttpStatusCode.NotFound);

        // So it does when what became of the mail is not kept any more.
        (await CountAsync("with aged as (update outgoing_mail set at = at - interval '366 days', last_at = last_at - interval '366 days' returning 1) "
            + "select count(*) from aged")).ShouldBeGreaterThan(0);
        await RemoverOf("outgoing_mail").RemoveAsync(TestContext.Current.CancellationToken);
        (await ListedAsync()).ShouldBe(["answered@example.org ", " ", "lately@example.org "]);

        async Task<IEnumerable<string>> ListedAsync() => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/inquiries")).EnumerateArray()
            .Select(asked => $"{asked.GetProperty("email").GetString()} {asked.GetProperty("mail").GetString()}");
    }

    [Fact]
    public async Task two_answers_at_once_are_one()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var token = await AskAsync(organisation, id, "twice@example.org");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Witness.PostJsonAsync($"/api/v1/inquiries/{token}", new { confirms = true })));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent)
            .ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Gone || answer.StatusCode == HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task of_many_who_are_asked_about_a_case_at_once_none_gets_past_the_bound()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var asked = await Task.WhenAll(Enumerable.Range(0, MakeInquiryEndpoint.MostInquiries + 10).Select(number =>
            organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/inquiries", new { name = "Мария Петрова", email = $"many{number}@example.org" })));
        asked.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(MakeInquiryEndpoint.MostInquiries);
        asked.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(10);
    }

    private static readonly DateTimeOffset Now = new(2026, 5, 9, 12, 0, 0, TimeSpan.Zero);

    private static Case ACase { get; } = new()
    {
        Id = Guid.CreateVersion7(),
        EntryId = Guid.CreateVersion7(),
        Revision = 1,
        OrganisationId = Guid.CreateVersion7(),
        Project = "x",
        TaskType = "D12",
        Region = "RU-MOW",
        Shifts = [],
    };

    [Theory]
    [InlineData(" ", "a@example.org", 14, "ru", "text-missing")]
    [InlineData("Мария", "a@example.org, b@example.org", 14, "ru", "email-shape")]
    [InlineData("Мария", "a@example.org", 0, "ru", "days-out-of-range")]
    [InlineData("Мария", "a@example.org", 31, "ru", "days-out-of-range")]
    [InlineData("Мария", "a@example.org", 14, "de", "unknown-language")]
    public void who_cannot_be_asked_is_refused(string name, string email, int days, string language, string code) =>
        MakeInquiryEndpoint.Decide(ACase, 0, new MakeInquiry(name, email, days, language), Now).Refusal!.Code.ShouldBe(code);

    [Fact]
    public void a_question_ends_with_its_days_its_answer_or_the_case()
    {
        var made = (InquiryMade)MakeInquiryEndpoint.Decide(ACase, 9, new MakeInquiry("Мария", "a@example.org", 30), Now).Events.ShouldHaveSingleItem();
        made.Until.ShouldBe(Now.AddDays(30));
        MakeInquiryEndpoint.Decide(ACase, 10, new MakeInquiry("Мария", "a@example.org"), Now).Refusal!.Code.ShouldBe("too-many-inquiries");
        var inquiry = Inquiry.Create(made);
        inquiry.Closed(ACase, made.Until.AddTicks(-1)).ShouldBeNull();
        var yes = new AnswerInquiry(true);
        AnswerInquiryEndpoint.Decide(inquiry, ACase, 3, yes, made.Until).Refusal!.Code.ShouldBe("inquiry-ended");
        AnswerInquiryEndpoint.Decide(inquiry, ACase with { Status = CaseStatus.Cancelled }, 3, yes, Now).Refusal!.Code.ShouldBe("case-not-open");
        AnswerInquiryEndpoint.Decide(inquiry.Apply(new InquiryAnswered(false, "нет", Now)), ACase, 3, yes, Now).Refusal!.Code.ShouldBe("inquiry-answered");
        AnswerInquiryEndpoint.Decide(inquiry, ACase, 3, yes, Now).Events
            .ShouldBe(
            [
                new InquiryAnswered(true, null, Now, ACase.Id, ACase.OrganisationId),
                new CaseConfirmed(ACase.EntryId, 1, ACase.OrganisationId, null, null, Now, 3),
            ]);
        AnswerInquiryEndpoint.Decide(inquiry, ACase, 3, new AnswerInquiry(false, " нет "), Now).Events
            .ShouldBe([new InquiryAnswered(false, "нет", Now, ACase.Id, ACase.OrganisationId)]);
    }

    /// <summary>Asks somebody; what the mail to them links to.</summary>
    private async Task<string> AskAsync(AnOrganisation organisation, Guid id, string email)
    {
        var asked = await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/inquiries", new { name = "Мария Петрова", email, daysValid = 7 }))
            .ShouldBeAsync(HttpStatusCode.Created);
        (await asked.Content.ReadAsStringAsync()).ShouldNotContain("/inquiry/");
        await Eventually.Is(() => Task.FromResult(host.Server.To(email).Count == 1));
        return Link().Match(host.Server.To(email)[0].Message.TextBody!).Groups[1].Value;
    }

    private RemoveWhatIsOver RemoverOf(string table) =>
        host.Service.Services.GetServices<IWhileLeading>().OfType<RemoveWhatIsOver>().Single(remover => remover.Table == table);

    private async Task<long> CountAsync(string sql)
    {
        await using var command = host.Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [GeneratedRegex(@"https://book\.example/inquiry/([A-Za-z0-9_-]{43})")]
    private static partial Regex Link();
}
