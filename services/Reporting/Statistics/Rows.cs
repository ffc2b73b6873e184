namespace VolunteerBook.Reporting.Statistics;

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
        [.. rows[group].OrderByDescending(row => row.Minutes)
            .ThenBy(row => row.Key, StringComparer.Ordinal).Select(row => new Line(row.Key!, row.Minutes, row.Entries))];

    /// <summary>In the order of the calendar.</summary>
    public static IReadOnlyList<Line> Months(this ILookup<string, Row> rows) =>
        [.. rows["byMonth"].OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => new Line(row.Key!, row.Minutes, row.Entries))];

    /// <summary>Most work first.</summary>
    public static IReadOnlyList<OrganisationLine> Organisations(this ILookup<string, Row> rows) =>
        [.. rows["byOrganisation"].OrderByDescending(row => row.Minutes).ThenBy(row => row.Key, StringComparer.Ordinal)
            .Select(row => new OrganisationLine(Guid.Parse(row.Key!), row.Name, row.Minutes, row.Entries))];
}
