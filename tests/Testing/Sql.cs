using Npgsql;

namespace VolunteerBook.Testing;

/// <summary>Looks into a service's database past the service.</summary>
public static class Sql
{
    /// <summary>The first column of what a query finds.</summary>
    /// <param name="database">The connection string.</param>
    /// <param name="sql">The query, with $1, $2 and so on for the values.</param>
    public static async Task<IReadOnlyList<T>> ColumnAsync<T>(string database, string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetFieldValue<T>(0));
        }

        return rows;
    }
}
