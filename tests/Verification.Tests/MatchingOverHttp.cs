using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Manifests;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Cases against signed attendance sheets, by themselves, and many cases under one signature.</summary>
[Trait("Feature", "F11")]
public sealed class MatchingOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private static Task<Guid> SignedSheetAsync(AnOrganisation organisation, params string[] rows) => SignedSheetAsync(organisation, organisation.Client, rows);

    private static async Task<Guid> SignedSheetAsync(AnOrganisation organisation, HttpClient by, params string[] rows)
    {
        var (id, answer) = await SignAsync(organisation, by, null, rows);
        await answer.ShouldBeAsync(HttpStatusCode.NoContent);
        return id;
    }

    private static async Task<(Guid Id, HttpResponseMessage Answer)> SignAsync(
        AnOrganisation organisation, HttpClient by, Guid? supersedes, params string[] rows)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("volunteer_id,start,zone,minutes,attended,project\n" + string.Join('\n', rows)));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        var id = (await (await by.PostAsync(new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative), content)).JsonAsync())
            .GetProperty("id").GetGuid();
        var statement = await by.GetStringAsync(new Uri(
            $"/api/v1/sheets/{id}/statement{(supersedes is null ? "" : $"?supersedes={supersedes}")}", UriKind.Relative));
        return (id, await by.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement), supersedes), 1));
    }

    private static string Row(Guid volunteer, int minutes = 240, string start = "2025-05-09T10:00", string attended = "yes") =>
        $"{volunteer},{start},Europe/Moscow,{minutes},{attended},";

    private static async Task<AnOrganisation> ReadyAsync(VerificationHost host, MatchingRule? rule = null, bool gost = false)
    {
        var organisation = new AnOrganisation(host, gost ? Gost.New() : null);
        await organisation.ReadyAsync();
        if (rule is not null)
        {
            await (await organisation.Client.PutJsonAsync($"/api/v1/confirmation-rules/{organisation.Id}", new SetConfirmationRules(Matching: rule), 0))
                .ShouldBeAsync(HttpStatusCode.NoContent);
        }

        return organisation;
    }

    private static Task<JsonElement> CaseOnceAsync(AnOrganisation organisation, Guid id, Func<JsonElement, bool> reached) => Eventually.Value(async () =>
    {
        var found = await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}");
        return reached(found) ? found : throw new NotYetException(found.ToString());
    });

    private static bool IsConfirmed(JsonElement found) => found.GetProperty("status").GetString() == "confirmed";

    /// <summary>The signature is over the list, and the lines are in it.</summary>
    private static JsonNode ShouldBeEvidencedByList(JsonElement found)
    {
        var decision = found.GetProperty("decision");
        var signed = decision.GetProperty("statement").GetString() is { } statement ? Encoding.UTF8.GetBytes(statement)
            : System.Buffers.Text.Base64Url.DecodeFromChars(decision.GetProperty("signature").GetString()!.Split('.')[1]);
        var list = JsonNode.Parse(signed)!;
        foreach (var line in decision.GetProperty("lines").Deserialize<List<SignedLine>>(Http.Json)!)
        {
            ListStatement.Holds(list, line).ShouldBeTrue();
            ListStatement.Holds(list, line with { Text = line.Text + " " }).ShouldBeFalse();
        }

        return list;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_signed_document_confirms_by_itself_what_it_evidences_and_a_case_that_opens_later_too(bool gost)
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(5, ConfirmByItself: true), gost);
        var (before, near, later, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var first = await organisation.OpenCaseAsync(before);
        var differing = await organisation.OpenCaseAsync(near);
        var unknown = await organisation.OpenCaseAsync(stranger);
        var sheet = await SignedSheetAsync(organisation, Row(before, 238), Row(near, 120), Row(later), Row(Guid.CreateVersion7()));

        var confirmed = await CaseOnceAsync(organisation, first, IsConfirmed);
        var list = ShouldBeEvidencedByList(confirmed);
        (list["form"]!.GetValue<string>(), list["confirmsWithinMinutes"]!.GetValue<int>(), list["rows"]!.GetValue<int>())
            .ShouldBe((ListStatement.SheetForm, 5, 4));
        confirmed.GetProperty("decision").GetProperty("by").GetString().ShouldBe(organisation.Coordinator.ToString());
        confirmed.GetProperty("match").GetProperty("kind").GetString().ShouldBe("exact");

        var second = await organisation.OpenCaseAsync(later);
        ShouldBeEvidencedByList(await CaseOnceAsync(organisation, second, IsConfirmed));

        // What differs waits for the coordinator, with the difference; what no document knows is listed.
        var waiting = await organisation.Client.GetJsonAsync($"/api/v1/cases/{differing}");
        waiting.GetProperty("status").GetString().ShouldBe("open");
        waiting.GetProperty("match").GetProperty("shifts")[0].GetProperty("differences").ToString()
            .ShouldBe("""[{"field":"minutes","entry":"240","row":"120"}]""");
        (await QueueAsync(organisation, "near")).ShouldBe([differing]);
        (await QueueAsync(organisation, "unknown")).ShouldBe([unknown]);
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{sheet}/unclaimed")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    private static async Task<List<Guid>> QueueAsync(AnOrganisation organisation, string match)
    {
        var queue = await organisation.Client.GetJsonAsync($"/api/v1/cases?organisationId={organisation.Id}&match={match}");
        var ids = queue.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ToList();
        ids.ShouldAllBe(id => queue.GetProperty("matches").GetProperty(id.ToString()).GetString() == match);
        return ids;
    }

    [Fact]
    public async Task without_the_organisations_leave_a_case_is_only_found_and_the_book_is_told()
    {
        using var organisation = await ReadyAsync(host);
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        await SignedSheetAsync(organisation, Row(volunteer));
        await Eventually.Is(async () => (await QueueAsync(organisation, "exact")).ShouldBe([id]));
        var history = await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/history");
        history.EnumerateArray().Select(change => change.GetProperty("type").GetString()).ShouldBe(["case_opened", "case_matched"]);
        await Eventually.Is(async () => (await host.ToldAsync(nameof(CaseMatchedV1), id)).ShouldBe(1));
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("open");
    }

    [Fact]
    public async Task a_document_against_the_entry_and_a_second_entry_for_its_row_wait_for_somebody()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(0, ConfirmByItself: true));
        var (absent, twice) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var contradicted = await organisation.OpenCaseAsync(absent);
        var one = await organisation.OpenCaseAsync(twice);
        var other = await organisation.OpenCaseAsync(twice);
        await SignedSheetAsync(organisation, Row(absent, attended: "нет"), Row(twice));
        await Eventually.Is(async () =>
        {
            (await QueueAsync(organisation, "contradicted")).ShouldBe([contradicted]);
            (await QueueAsync(organisation, "near")).ShouldBe([other]);
            (await StatusOfAsync(organisation, one)).ShouldBe("confirmed");
        });
    }

    [Fact]
    public async Task a_row_that_nobody_claims_is_a_proposal_to_its_volunteer_until_it_is_claimed_or_declined()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(0, ConfirmByItself: true));
        var (volunteer, decliner) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var sheet = await SignedSheetAsync(
            organisation, Row(volunteer), Row(volunteer, start: "2025-05-10T10:00"), Row(decliner), Row(decliner, start: "2025-05-11T10:00", attended: "no"));
        var proposals = await host.Person(volunteer).GetJsonAsync("/api/v1/proposals");
        proposals.EnumerateArray().Select(proposal => (proposal.GetProperty("line").GetInt32(), proposal.GetProperty("organisation").GetString()))
            .ShouldBe([(3, "Тёплый дом"), (2, "Тёплый дом")]);
        // Each of them is to be told once, and of a row that says that they were not there nobody is.
        await Eventually.Is(async () =>
        {
            var told = (await host.Service.Client(host.Authority.MachineToken("services", "integration")).PublishedAsync())
                .Where(message => message.GetProperty("type").GetString() == nameof(WorkProposedV1))
                .Select(message => message.GetProperty("data").Deserialize<WorkProposedV1>(Http.Json)!).Where(one => one.SheetId == sheet);
            told.ShouldHaveSingleItem().Volunteers.ShouldBe(
                [new ProposedWork(volunteer, 2, 480), new ProposedWork(decliner, 1, 240)], ignoreOrder: true);
        });

        // Handled once more, as where the position was put back: nothing is appended.
        (await ProposedAnewAsync(sheet)).ShouldBe(0);

        // Claimed: the entry's case is confirmed by the document, and the other row is still offered.
        var id = await organisation.OpenCaseAsync(volunteer);
        await CaseOnceAsync(organisation, id, IsConfirmed);
        (await host.Person(volunteer).GetJsonAsync("/api/v1/proposals")).EnumerateArray().Single().GetProperty("line").GetInt32().ShouldBe(3);

        // Declined: offered no more, and the organisation sees why. Another's row is not there.
        (await host.Person(decliner).GetJsonAsync("/api/v1/proposals")).GetArrayLength().ShouldBe(1);
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/proposals/{sheet}/4/refusal", new DeclineProposal("Чужая строка")))
            .ShouldBeAsync(HttpStatusCode.NotFound);
        await (await host.Person(decliner).PostJsonAsync($"/api/v1/proposals/{sheet}/4/refusal", new DeclineProposal("")))
            .ProblemAsync(HttpStatusCode.BadRequest);
        await (await host.Person(decliner).PostJsonAsync($"/api/v1/proposals/{sheet}/4/refusal", new DeclineProposal("Меня там не было")))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await host.Person(decliner).PostJsonAsync($"/api/v1/proposals/{sheet}/4/refusal", new DeclineProposal("Ещё раз")))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await host.Person(decliner).GetJsonAsync("/api/v1/proposals")).GetArrayLength().ShouldBe(0);
        var unclaimed = (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{sheet}/unclaimed")).GetProperty("items").EnumerateArray().ToList();
        unclaimed.Select(row => (row.GetProperty("line").GetInt32(), row.GetProperty("declined").GetString())).ShouldBe([(3, null), (4, "Меня там не было")]);
        await (await host.Person(volunteer).GetResponseAsync($"/api/v1/sheets/{sheet}/unclaimed")).ShouldBeAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Feature", "F15")]
    public async Task many_cases_are_confirmed_by_one_signature_all_or_none(bool gost)
    {
        using var organisation = await ReadyAsync(host, gost: gost);
        using var foreign = await ReadyAsync(host);
        var ids = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await organisation.OpenCaseAsync());
        }

        var manifest = await (await organisation.Client.PostJsonAsync("/api/v1/manifests", new GetManifest(organisation.Id, ids))).JsonAsync<Manifest>();
        manifest.Statements.Count.ShouldBe(5);
        Encoding.UTF8.GetString(ListStatement.OfManifest(organisation.Id, [.. manifest.Statements.Select(Encoding.UTF8.GetBytes)]).Statement)
            .ShouldBe(manifest.Statement);
        var signature = organisation.Sign(manifest.Statement);

        await (await organisation.Client.PostJsonAsync("/api/v1/confirmations", new ConfirmManifest(organisation.Id, [.. ids.Take(4)], signature)))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "signature-refused");
        await (await foreign.Client.PostJsonAsync("/api/v1/confirmations", new ConfirmManifest(organisation.Id, ids, signature)))
            .ShouldBeAsync(HttpStatusCode.NotFound);
        await (await organisation.Client.PostJsonAsync(
            "/api/v1/confirmations",
            new ConfirmManifest(organisation.Id, [.. ids, await foreign.OpenCaseAsync()], signature))).ShouldBeAsync(HttpStatusCode.NotFound);
        await (await organisation.Client.PostJsonAsync("/api/v1/confirmations", new ConfirmManifest(organisation.Id, [.. ids, ids[0]], signature)))
            .ProblemAsync(HttpStatusCode.BadRequest, "cases-out-of-range");
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{ids[1]}")).GetProperty("status").GetString().ShouldBe("open");

        for (var again = 0; again < 2; again++)
        {
            var receipt = await (await organisation.Client.PostJsonAsync("/api/v1/confirmations", new ConfirmManifest(organisation.Id, ids, signature)))
                .JsonAsync<ManifestReceipt>();
            receipt.Confirmed.ShouldBe(5);
        }

        foreach (var id in ids)
        {
            var found = await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}");
            ShouldBeEvidencedByList(found)["form"]!.GetValue<string>().ShouldBe(ListStatement.ManifestForm);
            found.GetProperty("decision").GetProperty("lines")[0].GetProperty("text").GetString().ShouldBe(found.GetProperty("statement").GetString());
        }

        var more = await organisation.OpenCaseAsync();
        var problem = await (await organisation.Client.PostJsonAsync("/api/v1/confirmations", new ConfirmManifest(organisation.Id, [more, ids[2]], signature)))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-open");
        problem.More!["caseIds"][0].GetGuid().ShouldBe(ids[2]);
    }

    [Fact]
    public async Task a_sheet_whose_place_another_has_taken_is_proposed_to_nobody()
    {
        using var organisation = await ReadyAsync(host);
        var (volunteer, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        // Claimed when it is signed, and so not proposed then.
        await organisation.OpenCaseAsync(volunteer);
        var earlier = await SignedSheetAsync(organisation, Row(volunteer));
        var (later, signed) = await SignAsync(organisation, organisation.Client, earlier, Row(other));
        await signed.ShouldBeAsync(HttpStatusCode.NoContent);
        await using (var query = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession())
        {
            await Eventually.Is(async () => (await query.Events.FetchStreamStateAsync(SheetProposal.IdOf(later))).ShouldNotBeNull());
        }

        await Sql.ColumnAsync<int>(host.Database, "delete from case_shifts where volunteer_id = $1", volunteer);

        (await ProposedAnewAsync(earlier)).ShouldBe(0);
    }

    /// <summary>How many streams handling the signature of a sheet once more would begin.</summary>
    private async Task<int> ProposedAnewAsync(Guid sheet)
    {
        await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        var signed = (await session.Events.FetchStreamAsync(sheet)).Select(one => one.Data).OfType<SheetSigned>().Single();
        await ProposeWork.Handle(signed, new Received(Guid.NewGuid(), "verification", 1, signed.At, null) { Stream = sheet }, session, default);
        return session.PendingChanges.Streams().Count;
    }

    private static Shift At(string start, int minutes) =>
        new(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), "Europe/Moscow", minutes);

    private static async Task<string> StatusOfAsync(AnOrganisation organisation, Guid id) =>
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString()!;

    /// <summary>What was opened or signed last was looked at: matching reads the log in order, and a case of somebody else behind it is confirmed.</summary>
    private static async Task AllIsMatchedAsync(AnOrganisation organisation)
    {
        var last = Guid.CreateVersion7();
        await SignedSheetAsync(organisation, Row(last));
        await CaseOnceAsync(organisation, await organisation.OpenCaseAsync(last), IsConfirmed);
    }

    [Fact]
    public async Task a_row_of_thirty_minutes_does_not_evidence_two_shifts_of_an_entry()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(15, ConfirmByItself: true));
        var volunteer = Guid.CreateVersion7();
        await SignedSheetAsync(organisation, Row(volunteer, 30));
        var id = await organisation.OpenCaseAsync(volunteer, [At("2025-05-09T09:45", 29), At("2025-05-09T10:14", 45)]);
        await AllIsMatchedAsync(organisation);
        (await StatusOfAsync(organisation, id)).ShouldBe("open");
        (await QueueAsync(organisation, "near")).ShouldBe([id]);
    }

    [Fact]
    public async Task a_row_evidences_the_entry_that_was_submitted_first_and_no_second_one()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(15, ConfirmByItself: true));
        var (early, late) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        // Once the document is signed before, once behind the entries; the second entry begins where the first one ends.
        await SignedSheetAsync(organisation, Row(early, 15));
        var firsts = new List<Guid>();
        var seconds = new List<Guid>();
        foreach (var volunteer in new[] { early, late })
        {
            firsts.Add(await organisation.OpenCaseAsync(volunteer, [At("2025-05-09T10:00", 14)]));
            seconds.Add(await organisation.OpenCaseAsync(volunteer, [At("2025-05-09T10:14", 15)]));
        }

        await SignedSheetAsync(organisation, Row(late, 15));
        await AllIsMatchedAsync(organisation);
        foreach (var (first, second) in firsts.Zip(seconds))
        {
            (await StatusOfAsync(organisation, first)).ShouldBe("confirmed");
            (await StatusOfAsync(organisation, second)).ShouldBe("open");
        }
    }

    [Theory]
    [InlineData("no", 240)]
    [InlineData("yes", 120)]
    public async Task rows_that_contradict_each_other_wait_for_somebody(string attended, int minutes)
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(5, ConfirmByItself: true));
        var volunteer = Guid.CreateVersion7();
        await SignedSheetAsync(organisation, Row(volunteer));
        await SignedSheetAsync(organisation, Row(volunteer, minutes, attended: attended));
        var id = await organisation.OpenCaseAsync(volunteer);
        await AllIsMatchedAsync(organisation);
        (await StatusOfAsync(organisation, id)).ShouldBe("open");
        (await QueueAsync(organisation, "contradicted")).ShouldBe([id]);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/history")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task a_document_from_before_confirms_nothing_for_an_organisation_that_is_suspended()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(5, ConfirmByItself: true));
        var (before, meanwhile) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var confirmed = await organisation.OpenCaseAsync(before);
        await SignedSheetAsync(organisation, Row(before), Row(meanwhile));
        await CaseOnceAsync(organisation, confirmed, IsConfirmed);
        await organisation.SuspendAsync();
        var id = await organisation.OpenCaseAsync(meanwhile);
        await Eventually.Is(async () => (await QueueAsync(organisation, "exact")).ShouldBe([id]));
        (await StatusOfAsync(organisation, id)).ShouldBe("open");
        (await StatusOfAsync(organisation, confirmed)).ShouldBe("confirmed");
    }

    [Fact]
    public async Task a_later_document_takes_the_place_of_an_earlier_one_by_signature_and_what_rested_on_that_is_examined_anew()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(5, ConfirmByItself: true));
        var (kept, shorter, missing, added) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var byHand = await organisation.OpenCaseAsync(missing, minutes: 180, start: "2025-05-12T10:00:00");
        await organisation.ConfirmAsync(byHand);
        var cases = new List<Guid>
        {
            await organisation.OpenCaseAsync(kept),
            await organisation.OpenCaseAsync(shorter),
            await organisation.OpenCaseAsync(missing),
            await organisation.OpenCaseAsync(added),
        };
        var earlier = await SignedSheetAsync(organisation, Row(kept), Row(shorter), Row(missing), Row(missing, 180, "2025-05-12T10:00"));
        foreach (var id in cases.Take(3))
        {
            await CaseOnceAsync(organisation, id, IsConfirmed);
        }

        var (later, signed) = await SignAsync(organisation, organisation.Client, earlier, Row(kept, 242), Row(shorter, 120), Row(added));
        await signed.ShouldBeAsync(HttpStatusCode.NoContent);
        await CaseOnceAsync(organisation, cases[3], IsConfirmed);
        foreach (var id in cases.Skip(1).Take(2))
        {
            var revoked = await CaseOnceAsync(organisation, id, found => found.GetProperty("status").GetString() == "revoked");
            revoked.GetProperty("revocation").GetProperty("reason").GetString()!.ShouldContain("заменила");
            await Eventually.Is(async () => (await host.ToldAsync(nameof(ConfirmationRevokedV1), id)).ShouldBe(1));
        }

        // What the new document evidences as well stands, and what somebody signed by hand.
        (await StatusOfAsync(organisation, cases[0])).ShouldBe("confirmed");
        (await StatusOfAsync(organisation, byHand)).ShouldBe("confirmed");
        var (was, now) =
            (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{earlier}"), await organisation.Client.GetJsonAsync($"/api/v1/sheets/{later}"));
        (was.GetProperty("status").GetString(), was.GetProperty("supersededBy").GetGuid(), was.GetProperty("version").GetInt32())
            .ShouldBe(("superseded", later, 3));
        (now.GetProperty("status").GetString(), now.GetProperty("supersedes").GetGuid()).ShouldBe(("signed", earlier));
        JsonDocument.Parse(await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{later}/statement", UriKind.Relative), TestContext.Current.CancellationToken))
            .RootElement.GetProperty("supersedes").GetGuid().ShouldBe(earlier);

        // The volunteer of a row that is gone is offered it no more; another document cannot take the place of what has gone, nor of another organisation's.
        (await host.Person(missing).GetJsonAsync("/api/v1/proposals")).GetArrayLength().ShouldBe(0);
        using var foreign = await ReadyAsync(host);
        foreach (var other in new[] { earlier, await SignedSheetAsync(foreign, Row(kept)), Guid.CreateVersion7() })
        {
            var (_, refused) = await SignAsync(organisation, organisation.Client, other, Row(Guid.CreateVersion7()));
            await refused.ProblemAsync(HttpStatusCode.Conflict, "sheet-not-superseded");
        }
    }

    [Fact]
    public async Task a_later_document_takes_back_what_the_earlier_one_confirmed_and_confirms_the_amendment_of_it()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(5, ConfirmByItself: true));
        var (volunteer, entry) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var first = await organisation.OpenCaseAsync(volunteer, entry);
        var earlier = await SignedSheetAsync(organisation, Row(volunteer));
        await CaseOnceAsync(organisation, first, IsConfirmed);
        EntryFacts Facts(int minutes) => new(organisation.Id, "Забота рядом", "D12", "RU-MOW", [At("2025-05-09T10:00", minutes)]);
        host.Ledger.Publish(new EntryAmendedV1(entry, 2, volunteer, Facts(120), 1, Facts(240), DateTimeOffset.UtcNow));
        var second = CaseIds.Of(entry, 2);
        await Eventually.Value(() => organisation.Client.GetJsonAsync($"/api/v1/cases/{second}"));

        var (_, signed) = await SignAsync(organisation, organisation.Client, earlier, Row(volunteer, 120));

        await signed.ShouldBeAsync(HttpStatusCode.NoContent);
        await CaseOnceAsync(organisation, second, IsConfirmed);
        (await StatusOfAsync(organisation, first)).ShouldBe("revoked");
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{second}/history")).EnumerateArray().Select(change => change.GetProperty("type").GetString())
            .ShouldBe(["case_opened", "amended_confirmation_revoked", "case_confirmed"]);
    }

    [Fact]
    public async Task a_row_that_an_entry_leaves_evidences_the_next_one()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(0, ConfirmByItself: true));
        var volunteer = Guid.CreateVersion7();
        var (wrong, right) = (
            await organisation.OpenCaseAsync(volunteer, [At("2025-05-09T10:00", 240), At("2025-05-10T10:00", 240)]),
            await organisation.OpenCaseAsync(volunteer));
        await SignedSheetAsync(organisation, Row(volunteer));
        await Eventually.Is(async () => (await QueueAsync(organisation, "near")).ShouldBe([wrong, right], ignoreOrder: true));
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{right}")).GetProperty("match").GetProperty("shifts")[0].GetProperty("doubt").GetString()
            .ShouldBe("taken");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{wrong}/return", new ReturnCase("Дважды та же смена"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await CaseOnceAsync(organisation, right, IsConfirmed);
    }

    [Fact]
    public async Task a_confirmed_case_that_a_later_document_contradicts_is_marked_for_somebody_to_look_at()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(0, ConfirmByItself: true));
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        await SignedSheetAsync(organisation, Row(volunteer));
        await CaseOnceAsync(organisation, id, IsConfirmed);
        await SignedSheetAsync(organisation, Row(volunteer, attended: "no"));
        await Eventually.Is(
            async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases?organisationId={organisation.Id}&status=confirmed&match=contradicted"))
                .GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("id").GetGuid()).ShouldBe([id]));
        (await StatusOfAsync(organisation, id)).ShouldBe("confirmed");
    }

    [Fact]
    public async Task what_the_organisation_took_back_by_signature_no_earlier_row_confirms_again()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(5, ConfirmByItself: true));
        var (volunteer, entry) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var first = await organisation.OpenCaseAsync(volunteer, entry);
        var sheet = await SignedSheetAsync(organisation, Row(volunteer));
        await CaseOnceAsync(organisation, first, IsConfirmed);
        var second = await organisation.OpenCaseAsync(volunteer);
        await (await organisation.RevokeAsync(first, 2, "Её там не было")).ShouldBeAsync(HttpStatusCode.NoContent);

        // Neither another entry that waits, nor one that comes later.
        var third = await organisation.OpenCaseAsync(volunteer, start: "2025-05-09T10:05:00");
        await AllIsMatchedAsync(organisation);
        foreach (var id in new[] { second, third })
        {
            (await StatusOfAsync(organisation, id)).ShouldBe("open");
            (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("match").GetProperty("shifts")[0].GetProperty("doubt").GetString()
                .ShouldBe("contested");
        }

        // A document that is signed after that says it again.
        await (await SignAsync(organisation, organisation.Client, sheet, Row(volunteer, 239))).Answer.ShouldBeAsync(HttpStatusCode.NoContent);
        await CaseOnceAsync(organisation, second, IsConfirmed);
        (await StatusOfAsync(organisation, third)).ShouldBe("open");
    }

    // Who supersedes a document says nothing of their own hours, neither by what the new one says nor by what it leaves out.
    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_coordinator_takes_away_no_document_that_speaks_against_their_own_hours()
    {
        using var organisation = await ReadyAsync(host, new MatchingRule(0, ConfirmByItself: true));
        var (own, other) = (organisation.Coordinator, host.Person(await organisation.AppointAsync()));
        var id = await organisation.OpenCaseAsync(own);
        var against = await SignedSheetAsync(organisation, other, Row(own, attended: "no"), Row(Guid.CreateVersion7()));
        await SignedSheetAsync(organisation, other, Row(own));
        await Eventually.Is(async () => (await QueueAsync(organisation, "contradicted")).ShouldBe([id]));

        var (later, signed) = await SignAsync(organisation, organisation.Client, against, Row(Guid.CreateVersion7()));
        await signed.ShouldBeAsync(HttpStatusCode.NoContent);
        await AllIsMatchedAsync(organisation);
        (await StatusOfAsync(organisation, id)).ShouldBe("open");
        (await QueueAsync(organisation, "contradicted")).ShouldBe([id]);

        await (await SignAsync(organisation, other, later, Row(Guid.CreateVersion7()))).Answer.ShouldBeAsync(HttpStatusCode.NoContent);
        await AllIsMatchedAsync(organisation);
        await CaseOnceAsync(organisation, id, IsConfirmed);
    }
}
