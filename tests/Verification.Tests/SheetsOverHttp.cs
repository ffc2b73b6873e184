using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Attendance sheets as organisations hand them in: CSV and JSON, good rows and bad ones, once and again.</summary>
[Trait("Feature", "F11")]
public sealed class SheetsOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private const string Header = "volunteer_id,start,zone,minutes,attended,project,task_type,region,level\n";

    private static string Row(
        Guid? volunteer = null, string start = "2025-05-09T10:00", string minutes = "240", string rest = "yes,Забота рядом,D12,RU-MOW,teamLead") =>
        $"{volunteer ?? Guid.NewGuid()},{start},Europe/Moscow,{minutes},{rest}\n";

    private static async Task<HttpResponseMessage> SendAsync(AnOrganisation organisation, byte[] document, string type = "text/csv", string query = "")
    {
        var content = new ByteArrayContent(document);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await organisation.Client.PostAsync(new Uri($"/api/v1/sheets?organisationId={organisation.Id}{query}", UriKind.Relative), content);
    }

    private static Task<HttpResponseMessage> SendAsync(AnOrganisation organisation, string document, string type = "text/csv", string query = "") =>
        SendAsync(organisation, Encoding.UTF8.GetBytes(document), type, query);

    [Fact]
    public async Task a_document_is_taken_in_reported_signed_and_listed()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var volunteer = Guid.NewGuid();
        var created = await SendAsync(organisation, "\uFEFF" + Header + Row(volunteer) + Row(minutes: "много") + Row(), query: "&name=Май");
        await created.ShouldBeAsync(HttpStatusCode.Created);
        var receipt = await created.JsonAsync();
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("faulty").GetInt32(), receipt.GetProperty("alreadyThere").GetBoolean())
            .ShouldBe((2, 1, false));
        var id = receipt.GetProperty("id").GetGuid();
        created.Headers.Location!.ToString().ShouldBe($"/api/v1/sheets/{id}");

        var fault = (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}/faults")).GetProperty("items").EnumerateArray().Single();
        fault.ToString()
            .ShouldBe("""{"line":3,"faults":[{"field":"minutes","code":"not-a-number","rule":"The minutes must be a whole number.","column":"minutes"}]}""");
        var rows = (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}/rows")).GetProperty("items").EnumerateArray().ToList();
        rows.Select(row => row.GetProperty("line").GetInt32()).ShouldBe([2, 4]);
        rows[0].GetProperty("volunteerId").GetGuid().ShouldBe(volunteer);
        rows[0].GetProperty("level").GetString().ShouldBe("teamLead");

        // What is signed names the document and the root over its rows; a row is shown to be signed without the others.
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{id}/statement", UriKind.Relative), TestContext.Current.CancellationToken);
        var tree = new TreeEdge();
        foreach (var row in rows)
        {
            tree.Append(MerkleTree.Leaf(Encoding.UTF8.GetBytes(row.GetRawText())));
        }

        JsonDocument.Parse(statement).RootElement.GetProperty("root").GetString().ShouldBe(Convert.ToHexStringLower(tree.Root));
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement + " ")), 1))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "signature-refused");
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement)), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        var sheet = await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}");
        (sheet.GetProperty("status").GetString(), sheet.GetProperty("name").GetString(), sheet.GetProperty("from").GetString())
            .ShouldBe(("signed", "Май", "2025-05-09"));
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/discard", new { }, 3)).ProblemAsync(HttpStatusCode.Conflict, "sheet-not-open");
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}/history")).EnumerateArray().Select(change => change.GetProperty("type").GetString())
            .ShouldBe(["sheet_received", "sheet_signature_refused", "sheet_signed"]);
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets?organisationId={organisation.Id}"))
            .GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(id);
    }

    [Fact]
    public async Task a_refused_signature_of_a_document_stops_nobody_and_its_etag_goes_on()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var id = (await (await SendAsync(organisation, Header + Row())).JsonAsync()).GetProperty("id").GetGuid();
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{id}/statement", UriKind.Relative), TestContext.Current.CancellationToken);
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement, "unknown")), 1))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "signature-refused");

        await (await organisation.Client.GetResponseAsync("/api/v1/service-levels")).ShouldBeAsync(HttpStatusCode.OK);
        await (await organisation.Client.GetResponseAsync($"/api/v1/cases/{id}")).ShouldBeAsync(HttpStatusCode.NotFound);
        var late = await organisation.OpenCaseAsync(at: DateTimeOffset.UtcNow.AddDays(-40));
        await Eventually.Is(
            async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{late}")).GetProperty("escalatedAt").ValueKind.ShouldBe(JsonValueKind.String));

        var seen = await organisation.Client.GetResponseAsync($"/api/v1/sheets/{id}");
        seen.Headers.ETag!.Tag.ShouldBe("\"2\"");
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement)), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
    }

    // Before, a refused signature of a document was stored as one of a case, and a case was made of it: the store as it was then starts again.
    [Fact]
    public async Task a_store_in_which_a_document_was_taken_for_a_case_is_mended_when_it_starts()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var id = (await (await SendAsync(organisation, Header + Row())).JsonAsync()).GetProperty("id").GetGuid();
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{id}/statement", UriKind.Relative), TestContext.Current.CancellationToken);
        await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement, "unknown")), 1);
        await host.Service.StopAsync();
        await using (var database = NpgsqlDataSource.Create(host.Database))
        {
            await using var asItWas = database.CreateCommand(
                $$"""
                update mt_events set type = 'signature_refused',
                    mt_dotnet_type = 'VolunteerBook.Verification.Cases.SignatureRefused, VolunteerBook.Verification'
                where stream_id = '{{id}}' and version = 2;
                update mt_doc_sheet set mt_version = 1, data = jsonb_set(data, '{version}', '1') where id = '{{id}}';
                insert into mt_doc_case (id, data, mt_version, mt_dotnet_type, organisation_id, status, opened_at, due_at, in_dispute)
                values ('{{id}}', '{"id":"{{id}}","version":2,"entryId":"{{Guid.Empty}}","organisationId":"{{Guid.Empty}}","status":"Open","openedAt":"0001-01-01T00:00:00+00:00","limitDays":14}',
                    2, 'VolunteerBook.Verification.Cases.Case', '{{Guid.Empty}}', 'Open', '-infinity', '0001-01-15T00:00:00Z', false);
                """);
            await asItWas.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await host.Service.StartAsync();
        await (await organisation.Client.GetResponseAsync("/api/v1/service-levels")).ShouldBeAsync(HttpStatusCode.OK);
        await (await organisation.Client.GetResponseAsync($"/api/v1/cases/{id}")).ShouldBeAsync(HttpStatusCode.NotFound);
        var late = await organisation.OpenCaseAsync(at: DateTimeOffset.UtcNow.AddDays(-40));
        await Eventually.Is(
            async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{late}")).GetProperty("escalatedAt").ValueKind.ShouldBe(JsonValueKind.String));
        (await organisation.Client.GetResponseAsync($"/api/v1/sheets/{id}")).Headers.ETag!.Tag.ShouldBe("\"2\"");
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement)), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}")).GetProperty("status").GetString().ShouldBe("signed");
    }

    [Fact]
    public async Task the_same_document_again_changes_nothing_and_a_dropped_one_may_come_again()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var document = Header + Row() + Row();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SendAsync(organisation, document)));
        var receipts = await Task.WhenAll(answers.Select(answer => answer.JsonAsync()));
        var id = receipts.Select(receipt => receipt.GetProperty("id").GetGuid()).Distinct().ShouldHaveSingleItem();
        receipts.Count(receipt => !receipt.GetProperty("alreadyThere").GetBoolean()).ShouldBe(1);
        (await RowsInDatabaseAsync(organisation)).ShouldBe(2);

        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/discard", new { }, 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        (await RowsInDatabaseAsync(organisation)).ShouldBe(0);
        await (await SendAsync(organisation, document)).ShouldBeAsync(HttpStatusCode.Created);
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}")).GetProperty("status").GetString().ShouldBe("received");
        (await RowsInDatabaseAsync(organisation)).ShouldBe(2);
    }

    [Fact]
    public async Task a_repeated_key_gives_the_same_answer_and_rows_once()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var client = organisation.Client;
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var document = Header + Row() + Row();
        var receipts = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(document));
            content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
            var answer = await client.PostAsync(
                new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative), content, TestContext.Current.CancellationToken);
            await answer.ShouldBeAsync(HttpStatusCode.Created);
            receipts.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        receipts[1].ShouldBe(receipts[0]);
        // The same document under another key: nothing is left behind of what was copied.
        client.DefaultRequestHeaders.Remove("Idempotency-Key");
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var again = new ByteArrayContent(Encoding.UTF8.GetBytes(document));
        again.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        await (await client.PostAsync(
            new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative), again,
            TestContext.Current.CancellationToken)).ShouldBeAsync(HttpStatusCode.OK);
        (await RowsInDatabaseAsync(organisation)).ShouldBe(2);
    }

    [Fact]
    public async Task json_and_other_encodings_and_delimiters_say_the_same()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var volunteer = Guid.NewGuid();
        var json =
            $$"""[{"volunteer_id":"{{volunteer}}","start":"2025-05-09T10:00:00","zone":"Europe/Moscow","minutes":240,"attended":true,"project":"Ёлка"}, 5, {"volunteer_id":"x","unknown":1}]""";
        var cp1251 = CodePagesEncodingProvider.Instance.GetEncoding(1251)!
            .GetBytes($"volunteer_id;start;minutes;attended;project\r\n{volunteer};09.05.2025 10:00;240;да;Ёлка\r\n");
        var first = await (await SendAsync(organisation, json, "application/json; charset=utf-8")).JsonAsync();
        var second = await (await SendAsync(organisation, cp1251, "text/csv; charset=windows-1251", "&zone=Europe/Moscow")).JsonAsync();

        var ofJson = (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{first.GetProperty("id").GetGuid()}/rows")).GetProperty("items")[0];
        var ofCsv = (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{second.GetProperty("id").GetGuid()}/rows")).GetProperty("items")[0];
        foreach (var member in new[] { "volunteerId", "start", "zone", "minutes", "attended", "project" })
        {
            ofCsv.GetProperty(member).ToString().ShouldBe(ofJson.GetProperty(member).ToString());
        }

        first.GetProperty("faulty").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task while_a_document_is_on_its_way_no_transaction_is_open(bool withKey)
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var rest = new TaskCompletionSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative))
        {
            // Long, so that what has come is enough however long the rest takes: Kestrel wants 240 bytes a second.
            Content = new SlowDocument(Encoding.UTF8.GetBytes(Header + string.Concat(Enumerable.Repeat(Row(), 2000))), rest.Task),
        };
        request.Headers.TransferEncodingChunked = true;
        if (withKey)
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        var sending = organisation.Client.SendAsync(request);
        await using var database = NpgsqlDataSource.Create(host.Database);
        var open = new List<List<string>>();
        for (var looks = 0; looks < 20; looks++)
        {
            await Task.Delay(100);
            await using var command = database.CreateCommand("select pid || ' since ' || xact_start || ': ' || query from pg_stat_activity "
                + "where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and backend_type = 'client backend'");
            await using var reader = await command.ExecuteReaderAsync();
            open.Add([]);
            while (await reader.ReadAsync())
            {
                open[^1].Add(reader.GetString(0));
            }
        }

        // What others have open for a moment is open in no two looks.
        open.TakeLast(10).Aggregate((before, now) => [.. before.Intersect(now)]).ShouldBeEmpty();

        rest.SetResult();
        await (await sending).ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task a_document_that_cannot_be_read_is_refused_whole_by_what_is_wrong_with_it()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        foreach (var (document, type, query, code, field) in new[]
        {
            ("", "text/csv", "", "document-empty", "document"),
            (Header, "text/csv", "", "document-empty", "document"),
            ("[]", "application/json", "", "document-empty", "document"),
            ("volunteer_id,start\n1,2\n", "text/csv", "", "column-missing", "document"),
            ("volunteer_id,start,minutes,minutes\n1,2,3,4\n", "text/csv", "", "column-twice", "document"),
            ("[{\"volunteer_id\":\"1\"}, {", "application/json", "", "malformed-json", "document"),
            ("{}", "application/json", "", "malformed-json", "document"),
            (Header + Row(), "text/csv", "&zone=Moscow", "unknown-zone", "zone"),
            (Header + Row(), "text/csv", "&name=" + new string('x', 201), "text-too-long", "name"),
            (Header + Row() + "\"" + new string('x', 5000), "text/csv", "", "field-too-long", "document"),
        })
        {
            var problem = await (await SendAsync(organisation, document, type, query)).ProblemAsync(HttpStatusCode.BadRequest, code);
            problem.Errors.ShouldNotBeNull(code).Keys.ShouldContain(field, code);
        }

        foreach (var type in new[] { "application/xml", "text/csv; charset=koi8-r", "nonsense" })
        {
            (await SendAsync(organisation, Header + Row(), type)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType, type);
        }

        (await RowsInDatabaseAsync(organisation)).ShouldBe(0);
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets?organisationId={organisation.Id}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task half_a_character_in_a_row_is_told_of_that_row()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var good = $$"""{"volunteer_id":"{{Guid.CreateVersion7()}}","start":"2026-05-09T10:00","zone":"Europe/Moscow","minutes":240,"project":"Забота"}""";
        var inAValue = good.Replace("Забота", "\\ud800", StringComparison.Ordinal);
        var inAName = good.Replace("\"project\"", "\"\\udc00\"", StringComparison.Ordinal);
        var inAList = good.Replace("\"Забота\"", "[\"\\ud800\"]", StringComparison.Ordinal);
        var receipt = await (await SendAsync(organisation, $"[{good},{inAValue},{inAName},{inAList}]", "application/json")).JsonAsync();
        receipt.GetProperty("rows").GetInt32().ShouldBe(1);
        var faults = (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{receipt.GetProperty("id").GetGuid()}/faults"))
            .GetProperty("items").EnumerateArray().ToList();
        faults.Select(fault => (
            fault.GetProperty("line").GetInt32(),
            fault.GetProperty("faults")[0].GetProperty("field").GetString(),
            fault.GetProperty("faults")[0].GetProperty("code").GetString()))
            .ShouldBe([(2, "project", "text-with-control-characters"), (3, "row", "unknown-column"), (4, "project", "not-a-value")]);
    }

    // Each kind of fault in each column that can have it, alone and beside good rows: a thousand broken rows, and each is told by its line, field and rule.
    [Fact]
    public async Task a_thousand_broken_rows_get_their_line_field_and_rule()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var random = new Random(5);
        var document = new StringBuilder(Header);
        var expected = new List<(int Line, string Field, string Code)>();
        var line = 2;
        for (var i = 0; i < 1000; i++)
        {
            while (random.Next(3) == 0)
            {
                document.Append(Row());
                line++;
            }

            var (row, field, code) = Broken(random, i);
            expected.Add((line, field, code));
            document.Append(row);
            line += row.Count(c => c == '\n');
        }

        var receipt = await (await SendAsync(organisation, document.ToString())).JsonAsync();
        receipt.GetProperty("faulty").GetInt32().ShouldBe(1000);
        var found = new List<(int Line, string Field, string Code)>();
        for (int? after = 0; after is not null;)
        {
            var page = await organisation.Client.GetJsonAsync($"/api/v1/sheets/{receipt.GetProperty("id").GetGuid()}/faults?limit=300&after={after}");
            foreach (var row in page.GetProperty("items").EnumerateArray())
            {
                var fault = row.GetProperty("faults")[0];
                fault.GetProperty("rule").GetString().ShouldNotBeNullOrWhiteSpace();
                found.Add((row.GetProperty("line").GetInt32(), fault.GetProperty("field").GetString()!, fault.GetProperty("code").GetString()!));
            }

            after = page.GetProperty("next").ValueKind == JsonValueKind.Null ? null : page.GetProperty("next").GetInt32();
        }

        found.ShouldBe(expected);
        expected.Select(row => (row.Field, row.Code)).Distinct().Count().ShouldBe(20);
    }

    [Fact]
    public async Task another_organisations_sheets_look_absent_and_more_rows_than_allowed_are_refused()
    {
        using var organisation = new AnOrganisation(host);
        using var other = new AnOrganisation(host);
        await organisation.ReadyAsync();
        await other.ReadyAsync();
        var id = (await (await SendAsync(organisation, Header + Row())).JsonAsync()).GetProperty("id").GetGuid();
        foreach (var sheet in new[] { id, Guid.NewGuid() })
        {
            foreach (var path in new[] { "", "/statement", "/faults", "/rows", "/history" })
            {
                await (await other.Client.GetResponseAsync($"/api/v1/sheets/{sheet}{path}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
            }

            await (await other.Client.PostJsonAsync($"/api/v1/sheets/{sheet}/signature", new SignSheet("a.b.c"), 1))
                .ProblemAsync(HttpStatusCode.NotFound, "not-found");
            await (await other.Client.PostJsonAsync($"/api/v1/sheets/{sheet}/discard", new { }, 1)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        }

        using var foreign = new ByteArrayContent(Encoding.UTF8.GetBytes(Header + Row()));
        foreign.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        (await other.Client.PostAsync(
            new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative), foreign,
            TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var many = new StringBuilder(Header);
        for (var i = 0; i <= Sheet.MostRows; i++)
        {
            many.Append(Row());
        }

        await (await SendAsync(organisation, many.ToString())).ProblemAsync(HttpStatusCode.BadRequest, "too-many-rows");
        (await RowsInDatabaseAsync(organisation)).ShouldBe(1);
    }

    [Theory]
    [InlineData(200, 0, null)]
    [InlineData(200, 5000, null)]
    [InlineData(201, 0, "too-many-columns")]
    [InlineData(150_000, 0, "too-many-columns")]
    public async Task a_table_has_at_most_200_columns_that_say_something(int columns, int empty, string? code)
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        const string Said = "volunteer_id,start,zone,minutes";
        string Wide(string row) => row + string.Concat(Enumerable.Repeat(",x", columns - 4)) + new string(',', empty) + "\n";

        var answer = await SendAsync(organisation, Wide(Said) + Wide($"{Guid.NewGuid()},2025-05-09T10:00,Europe/Moscow,240"));

        if (code is null)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
        else
        {
            await answer.ProblemAsync(HttpStatusCode.BadRequest, code);
        }
    }

    private static (string Row, string Field, string Code) Broken(Random random, int number)
    {
        var id = Guid.NewGuid();
        const string Rest = "yes,Забота рядом,D12,RU-MOW,teamLead";
        string At(string start, string minutes = "240", string zone = "Europe/Moscow", string rest = Rest, string? volunteer = null) =>
            $"{volunteer ?? id.ToString()},{start},{zone},{minutes},{rest}\n";
        var noise = random.Next(1, 1000).ToString(CultureInfo.InvariantCulture);
        return (number % 27) switch
        {
            0 => (At("2025-05-09T10:00", volunteer: $"человек {noise}"), "volunteer_id", "not-an-id"),
            1 => (At("2025-05-09T10:00", volunteer: ""), "volunteer_id", "field-missing"),
            2 => (At("2025-05-09T10:00", volunteer: Guid.Empty.ToString()), "volunteer_id", "not-an-id"),
            3 => (At($"вчера {noise}"), "start", "not-a-local-time"),
            4 => (At("2025-05-09T10:00:00Z"), "start", "not-a-local-time"),
            5 => (At("2025-02-30T10:00"), "start", "not-a-local-time"),
            6 => (At(""), "start", "field-missing"),
            7 => (At("2125-05-09T10:00"), "start", "start-in-the-future"),
            8 => (At("1949-05-09T10:00"), "start", "start-out-of-range"),
            9 => (At("2025-03-30T02:30", zone: "Europe/Berlin"), "start", "start-does-not-exist"),
            10 => (At("2025-05-09T10:00", zone: $"Mars/Base{noise}"), "zone", "unknown-zone"),
            11 => (At("2025-05-09T10:00", zone: ""), "zone", "field-missing"),
            12 => (At("2025-05-09T10:00", "0"), "minutes", "minutes-out-of-range"),
            13 => (At("2025-05-09T10:00", $"-{noise}"), "minutes", "minutes-out-of-range"),
            14 => (At("2025-05-09T10:00", "1441"), "minutes", "minutes-out-of-range"),
            15 => (At("2025-05-09T10:00", "2.5"), "minutes", "not-a-number"),
            16 => (At("2025-05-09T10:00", $"{noise}99999999999"), "minutes", "not-a-number"),
            17 => (At("2025-05-09T10:00", ""), "minutes", "field-missing"),
            18 => (At("2025-05-09T10:00", rest: "maybe,П,D12,RU-MOW,expert"), "attended", "not-yes-or-no"),
            19 => (At("2025-05-09T10:00", rest: $"yes,{new string('п', 201)},D12,RU-MOW,expert"), "project", "text-too-long"),
            20 => (At("2025-05-09T10:00", rest: $"yes,П,Z{noise},RU-MOW,expert"), "task_type", "unknown-task-type"),
            21 => (At("2025-05-09T10:00", rest: "yes,П,D12,Атлантида,expert"), "region", "unknown-region"),
            22 => (At("2025-05-09T10:00", rest: "yes,П,D12,RU-MOW,boss"), "level", "unknown-level"),
            23 => ($"{id},2025-05-09T10:00\n", "row", "wrong-number-of-fields"),
            24 => (At("2025-05-09T10:00", rest: "yes,П\u0001,D12,RU-MOW,expert"), "project", "text-with-control-characters"),
            25 => (At("2025-05-09T10:00", rest: "yes,П\uFFFD,D12,RU-MOW,expert"), "project", "not-in-the-encoding"),
            // A quoted field over two lines: what follows is still told by its own line.
            _ => (At("2025-05-09T10:00", "x", rest: $"yes,\"две\nстроки {noise}\",D12,RU-MOW,expert"), "minutes", "not-a-number"),
        };
    }

    private async Task<long> RowsInDatabaseAsync(AnOrganisation organisation)
    {
        await using var database = NpgsqlDataSource.Create(host.Database);
        await using var command = database.CreateCommand(
            "select count(*) from sheet_rows where rows_id in (select (data ->> 'rowsId')::uuid from mt_doc_sheet where data ->> 'organisationId' = $1) "
            + "or rows_id not in (select (data ->> 'rowsId')::uuid from mt_doc_sheet)");
        command.Parameters.Add(new() { Value = organisation.Id.ToString() });
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>All but the last byte at once, and that when it is told.</summary>
    private sealed class SlowDocument : HttpContent
    {
        private readonly byte[] bytes;
        private readonly Task rest;

        public SlowDocument(byte[] bytes, Task rest)
        {
            (this.bytes, this.rest) = (bytes, rest);
            Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(..^1));
            await stream.FlushAsync();
            await rest;
            await stream.WriteAsync(bytes.AsMemory(^1..));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
