using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Evidence.Tests.Documents;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>Entries whose organisation signed a list that they are in: a manifest of statements, or an attendance sheet.</summary>
[Trait("Feature", "F11")]
[Trait("Feature", "N3")]
public sealed class ListCheckTests
{
    private static readonly CheckTrust Trust = new(Samples.Roots);

    private static async Task<Finding?> RefusalAsync(ExtractEntry entry)
    {
        var document = Samples.Certificate();
        var made = await Samples.Pdf(document with { Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points });
        return Check.Offline(made, Trust, Samples.Now).Refusal;
    }

    /// <summary>The entry under a signature over another payload, with lines of its own.</summary>
    private static ExtractEntry Under(ExtractEntry entry, byte[] list, params SignedLine[] lines)
    {
        var signed = Samples.Sign(entry, (JsonObject)JsonNode.Parse(list)!);
        return signed with { Signature = signed.Signature! with { Lines = lines } };
    }

    private static ExtractEntry InManifest(Func<byte[][], byte[][]>? change = null, int line = 1)
    {
        var (one, other) = (Samples.Entry(0, EvidenceGrade.Signed), Samples.Entry(2, EvidenceGrade.Signed));
        byte[][] statements =
            [CanonicalJson.Bytes(Samples.Statement(other)), CanonicalJson.Bytes(
                Samples.Statement(one)), CanonicalJson.Bytes(Samples.Statement(Samples.Entry(4, EvidenceGrade.Signed)))];
        var (list, tree) = ListStatement.OfManifest(one.OrganisationId, statements);
        return Under(one, list, tree.Line(line, (change?.Invoke(statements) ?? statements)[line]));
    }

    private static JsonObject SheetOf(ExtractEntry entry, MerkleList tree, int? within) => new()
    {
        ["form"] = ListStatement.SheetForm,
        ["organisationId"] = entry.OrganisationId.ToString(),
        ["rows"] = tree.Size,
        ["root"] = Convert.ToHexStringLower(tree.Root),
        [ListStatement.ConfirmsWithin] = within,
    };

    private static ExtractEntry InSheet(int? within = 5, Func<AttendanceRow, AttendanceRow>? row = null, Func<JsonObject, JsonObject>? sheet = null)
    {
        var entry = Samples.Entry(0, EvidenceGrade.Signed);
        var rows = entry.Shifts.Select((shift, index) => new AttendanceRow(
            index + 2, Samples.Holder.VolunteerId, new Shift(shift.Start.AddMinutes(3), shift.Zone, shift.Minutes), true, entry.Project, null, entry.Region,
            null)).Select(row ?? (same => same)).ToList();
        var records = rows.Append(rows[0] with { Line = 9, VolunteerId = Guid.NewGuid() }).Select(line => line.Record()).ToArray();
        var tree = new MerkleList([.. records.Select(record => MerkleTree.Leaf(record))]);
        var statement = SheetOf(entry, tree, within);
        if (within is null)
        {
            statement.Remove(ListStatement.ConfirmsWithin);
        }

        return Under(entry, CanonicalJson.Bytes(sheet?.Invoke(statement) ?? statement), [.. rows.Select((_, index) => tree.Line(index, records[index]))]);
    }

    [Fact]
    public async Task an_entry_in_a_manifest_and_one_in_an_attendance_document_stand()
    {
        (await RefusalAsync(InManifest())).ShouldBeNull();
        (await RefusalAsync(InSheet())).ShouldBeNull();
    }

    [Fact]
    public async Task another_line_a_changed_one_or_none_is_seen()
    {
        (await RefusalAsync(InManifest(line: 0)))!.Text.ShouldContain("entryId differs");
        (await RefusalAsync(InManifest(statements => [statements[0], CanonicalJson.Bytes(new JsonObject { ["form"] = "x" }), statements[2]])))!.Text
            .ShouldContain("the list differs");
        var entry = InManifest();
        (await RefusalAsync(entry with { Signature = entry.Signature! with { Lines = [] } }))!.Text.ShouldContain("the line differs");
        (await RefusalAsync(entry with { Signature = entry.Signature with { Lines = null } }))!.Text.ShouldContain("the form differs");
        var line = entry.Signature.Lines![0];
        (await RefusalAsync(entry with { Signature = entry.Signature with { Lines = [line with { Index = 0 }] } })).ShouldNotBeNull();
        (await RefusalAsync(entry with { Signature = entry.Signature with { Lines = [line with { Size = 4 }] } })).ShouldNotBeNull();
        (await RefusalAsync(entry with { Signature = entry.Signature with { Lines = [line with { Path = [.. line.Path.Reverse()] }] } })).ShouldNotBeNull();
        (await RefusalAsync(entry with { Signature = entry.Signature with { Lines = [line with { Path = ["?"] }] } })).ShouldNotBeNull();
        // An ordinary statement is no list.
        var plain = Samples.Sign(Samples.Entry(0, EvidenceGrade.Signed));
        (await RefusalAsync(plain with { Signature = plain.Signature! with { Lines = [line] } })).ShouldNotBeNull();
    }

    [Fact]
    public async Task a_document_that_says_something_else_confirms_nothing()
    {
        (await RefusalAsync(InSheet(within: 2)))!.Text.ShouldContain("the row differs");
        (await RefusalAsync(InSheet(within: null)))!.Text.ShouldContain(ListStatement.ConfirmsWithin);
        (await RefusalAsync(InSheet(row: row => row with { Attended = false })))!.Text.ShouldContain("the row differs");
        (await RefusalAsync(InSheet(row: row => row with { VolunteerId = Guid.NewGuid() })))!.Text.ShouldContain("the row differs");
        (await RefusalAsync(InSheet(row: row => row with { Region = "RU-SPE" })))!.Text.ShouldContain("the row differs");
        (await RefusalAsync(InSheet(sheet: sheet => Changed(sheet, "organisationId", Guid.NewGuid().ToString()))))!.Text.ShouldContain("organisationId");
        (await RefusalAsync(InSheet(sheet: sheet => Changed(sheet, "form", "https://volunteerbook.example/statements/sheet/2"))))!.Text
            .ShouldContain("the form");
        (await RefusalAsync(InSheet(sheet: sheet => Changed(sheet, "root", new string('0', 64)))))!.Text.ShouldContain("the list");
    }

    private static JsonObject Changed(JsonObject statement, string member, string value)
    {
        statement[member] = value;
        return statement;
    }

    [Fact]
    public void a_record_has_one_form()
    {
        var row = new AttendanceRow(
            2, Guid.NewGuid(), new Shift(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 240),
            true, "Забота рядом", "D12", null, ResponsibilityLevel.TeamLead);
        AttendanceRow.Read(row.Record()).ShouldBe(row);
        var text = Encoding.UTF8.GetString(row.Record());
        foreach (var other in new[]
        {
            text + " ",
            text.Replace("240", "2400", StringComparison.Ordinal),
            text.Replace("Moscow", "Nowhere", StringComparison.Ordinal),
            text.Replace("true", "1", StringComparison.Ordinal),
            "[]",
            "{",
            "null",
        })
        {
            AttendanceRow.Read(Encoding.UTF8.GetBytes(other)).ShouldBeNull(other);
        }
    }
}
