using CsCheck;
using Shouldly;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>
/// Every way in which fields of a row can be wrong, alone and together: each fault is named with its field and rule, and none that is not there.
/// </summary>
[Trait("Feature", "F11")]
public sealed class BrokenRows
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    // Faults of the text of a field, which are all told at once; and faults of the shift that the texts make, which are told when all texts can be read.
    private static readonly (string Column, string? Value, string Code)[] OfTexts =
    [
        ("volunteer_id", null, "field-missing"), ("volunteer_id", "Иванова", "not-an-id"),
        ("volunteer_id", "00000000-0000-0000-0000-000000000000", "not-an-id"),
        ("start", null, "field-missing"), ("start", "вчера", "not-a-local-time"), ("start", "2026-02-30T10:00", "not-a-local-time"),
        ("start", "2026-05-09T10:00+03:00", "not-a-local-time"),
        ("minutes", null, "field-missing"), ("minutes", "4 часа", "not-a-number"), ("minutes", "240.5", "not-a-number"),
        ("minutes", "99999999999", "not-a-number"),
        ("attended", "возможно", "not-yes-or-no"), ("attended", "2", "not-yes-or-no"),
        ("level", "boss", "unknown-level"), ("level", "TeamLead ", "unknown-level"),
        ("task_type", "Z99", "unknown-task-type"),
        ("region", "RU-XXX", "unknown-region"), ("region", "Атлантида", "unknown-region"),
        ("project", new string('я', 201), "text-too-long"), ("project", "За\uFFFDота", "not-in-the-encoding"),
    ];

    private static readonly (string Column, string Value, string Code)[] OfShifts =
    [
        ("minutes", "0", "minutes-out-of-range"), ("minutes", "-5", "minutes-out-of-range"), ("minutes", "1441", "minutes-out-of-range"),
        ("zone", "Europe/Nowhere", "unknown-zone"), ("zone", "GMT+3", "unknown-zone"),
        ("start", "2026-05-21T10:00", "start-in-the-future"), ("start", "1900-01-01T10:00", "start-out-of-range"),
    ];

    private static Dictionary<string, string> Good => new()
    {
        ["volunteer_id"] = "019a0000-0000-7000-8000-000000000001",
        ["start"] = "2026-05-09T10:00",
        ["zone"] = "Europe/Moscow",
        ["minutes"] = "240",
        ["attended"] = "да",
        ["project"] = "Забота рядом",
        ["task_type"] = "D12",
        ["region"] = "RU-MOW",
        ["level"] = "teamLead",
    };

    private static IReadOnlyList<Fault> Read(int line, IEnumerable<(string Column, string? Value, string Code)> broken)
    {
        var fields = Good;
        foreach (var (column, value, _) in broken)
        {
            if (value is null)
            {
                fields.Remove(column);
            }
            else
            {
                fields[column] = value;
            }
        }

        var (row, _, faults) = SheetRow.Read(new RawRow(line, fields), new ForAllRows(), Now);
        (row is null).ShouldBe(faults.Count > 0);
        return faults;
    }

    [Fact]
    public void more_than_a_thousand_kinds_of_broken_rows_get_all_their_fields_and_rules()
    {
        var kinds = 0;
        var singles = OfTexts.Select(one => new[] { one });
        var pairs = from one in OfTexts from other in OfTexts where string.CompareOrdinal(one.Column, other.Column) < 0 select new[] { one, other };
        var triples =
            from pair in pairs from third in OfTexts where string.CompareOrdinal(pair[1].Column, third.Column) < 0 select new[] { pair[0], pair[1], third };
        foreach (var kind in singles.Concat(pairs).Concat(triples))
        {
            var faults = Read(++kinds, kind);
            faults.Select(fault => (fault.Field, fault.Code)).ShouldBe(kind.Select(one => (one.Column, one.Code)), ignoreOrder: true);
            faults.ShouldAllBe(fault => fault.Rule.Length > 10);
        }

        kinds.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void a_shift_that_breaks_a_rule_is_told_by_its_own_field()
    {
        foreach (var (column, value, code) in OfShifts)
        {
            var fault = Read(2, [(column, value, code)]).ShouldHaveSingleItem($"{column} {value}");
            (fault.Field, fault.Code).ShouldBe((column, code));
        }
    }

    [Fact]
    public void the_row_that_is_broken_here_and_there_is_good_without_it() => Read(2, []).ShouldBeEmpty();

    private static RawRow InATable(params (string Column, string Value)[] fields)
    {
        string[] columns = ["name", "date", "start", "end", "hours", "attended"];
        var said = fields.Where(field => field.Value.Length > 0).ToDictionary(field => field.Column, field => field.Value);
        said["name"] = "Иванова Анна";
        return new RawRow(2, said, Headers: columns.Concat(said.Keys).Distinct().ToDictionary(column => column, column => $"«{column}»"));
    }

    // From ten to ten is a day or nothing; no mark is how some registers say that somebody was there, and others that nobody was.
    [Theory]
    [InlineData("start", "10:00", "end", "10:00", "+", "end", "end-at-start")]
    [InlineData("period", "10:00–10:00", "zone", "Europe/Moscow", "+", "period", "end-at-start")]
    [InlineData("start", "10:00", "end", "14:00", "", "attended", "field-missing")]
    [InlineData("start", "10:00", "hours", "4", "", "attended", "field-missing")]
    public void what_could_be_meant_in_two_ways_is_not_read(
        string one, string oneSaid, string other, string otherSaid, string attended, string column, string code)
    {
        var (row, _, faults) = SheetRow.Read(
            InATable(("date", "09.05.2026"), (one, oneSaid), (other, otherSaid), ("attended", attended)), new ForAllRows("Europe/Moscow"), Now);
        row.ShouldBeNull();
        faults.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(fault => (fault.Field, fault.Code).ShouldBe((column, code)), fault => fault.Column.ShouldBe($"«{column}»"));
    }

    [Fact]
    public void whatever_stands_in_its_fields_a_row_is_read_or_its_faults_are_told()
    {
        string[] texts =
        [
            "", "10:00", "24:00", "25:61", "١٠:٠٠", "০৯.৩০", "10", "9999-12-31", "31.12.9999", "31.12.9999 24:00", "0001-01-01T00:00", "01.01.0001 24:00",
            "2026-02-30", "09.05.2026", "09.05.2026 24:00", "2200-12-31T24:00",
            "9 мая 9999 г.", "10–14", "١٠–١٤", "24:00–24:00", "-5", "1e9", "4:30", "٤:٣٠", "999999999", "0,000001", "99999:59", "4 ч 999999 мин", "\uFFFD",
            "да", "Europe/Moscow", "../Europe/Moscow", "№",
        ];
        Gen.OneOf(texts).Array[10].Sample(said =>
        {
            string[] columns = ["name", "date", "start", "end", "period", "hours", "minutes", "break", "later", "zone"];
            var (row, _, faults) = SheetRow.Read(InATable([.. columns.Zip(said)]), new ForAllRows("Europe/Moscow", new TimeOnly(23, 59)), Now);
            (row is null).ShouldBe(faults.Count > 0);
        }, iter: 50_000);
    }
}
