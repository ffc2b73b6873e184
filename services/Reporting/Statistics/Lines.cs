namespace VolunteerBook.Reporting.Statistics;

/// <summary>One line of a breakdown.</summary>
/// <param name="Key">Region, month (<c>2026-05</c>) or task type.</param>
/// <param name="Minutes">Confirmed minutes that count under this key.</param>
/// <param name="Entries">Confirmed entries with work under this key. One that spans months stands in the line of each.</param>
public sealed record Line(string Key, long Minutes, long Entries);

/// <summary>One organisation's line.</summary>
/// <param name="Key">The organisation's id.</param>
/// <param name="Name">Its name; null while Profiles has not told it.</param>
/// <param name="Minutes">Confirmed minutes.</param>
/// <param name="Entries">Confirmed entries.</param>
public sealed record OrganisationLine(Guid Key, string? Name, long Minutes, long Entries);

/// <summary>The rows that a query of figures gives: group, key, name, minutes, entries.</summary>
internal sealed record Row(string Group, string? Key, string? Name, long Minutes, long Entries);

internal static class Rows
{
    public static async Task<ILookup<string, Row>> ReadRowsAsync(this Npgsql.NpgsqlCommand command, CancellationToken ct)
    {
        var rows = new List<Row>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new Row(
                reader.GetString(0),
                await reader.IsDBNullAsync(1, ct) ? null : reader.GetString(1),
                await reader.IsDBNullAsync(2, ct) ? null : reader.GetString(2),
                reader.GetInt64(3),
                reader.GetInt64(4)));
        }

        return rows.ToLookup(row => row.Group);
    }

    /// <summary>Most work first.</summary>
    public static IReadOnlyList<Line> Lines(this ILookup<string, Row> rows, string group) =>
        [.. rows[group].OrderByDescending(row => row.Minutes).ThenBy(row => row.Key, StringComparer.Ordinal).Select(row => new Line(row.Key!, row.Minutes, row.Entries))];

    /// <summary>In the order of the calendar.</summary>
    public static IReadOnlyList<Line> Months(this ILookup<string, Row> rows) =>
        [.. rows["byMonth"].OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => new Line(row.Key!, row.Minutes, row.Entries))];

    /// <summary>Most work first.</summary>
    public static IReadOnlyList<OrganisationLine> Organisations(this ILookup<string, Row> rows) =>
        [.. rows["byOrganisation"].OrderByDescending(row => row.Minutes).ThenBy(row => row.Key, StringComparer.Ordinal)
            .Select(row => new OrganisationLine(Guid.Parse(row.Key!), row.Name, row.Minutes, row.Entries))];
}
