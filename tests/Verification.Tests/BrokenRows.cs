using Shouldly;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Every way in which fields of a row can be wrong, alone and together: each fault is named with its field and rule, and none that is not there.</summary>
[Trait("Feature", "F11")]
public sealed class BrokenRows
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    // Faults of the text of a field, which are all told at once; and faults of the shift that the texts make, which are told when all texts can be read.
    private static readonly (string Column, string? Value, string Code)[] OfTexts =
    [
        ("volunteer_id", null, "field-missing"), ("volunteer_id", "Иванова", "not-an-id"), ("volunteer_id", "00000000-0000-0000-0000-000000000000", "not-an-id"),
        ("start", null, "field-missing"), ("start", "вчера", "not-a-local-time"), ("start", "2026-02-30T10:00", "not-a-local-time"), ("start", "2026-05-09T10:00+03:00", "not-a-local-time"),
        ("minutes", null, "field-missing"), ("minutes", "4 часа", "not-a-number"), ("minutes", "240.5", "not-a-number"), ("minutes", "99999999999", "not-a-number"),
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
        var triples = from pair in pairs from third in OfTexts where string.CompareOrdinal(pair[1].Column, third.Column) < 0 select new[] { pair[0], pair[1], third };
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
}
