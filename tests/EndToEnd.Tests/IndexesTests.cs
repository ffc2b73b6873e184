using Npgsql;
using Shouldly;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>
/// An index costs every write. Each is listed in <c>indexes.txt</c> with the query that needs it; one that is not listed was made by accident. Primary keys
/// aside, and the tables of the libraries behind Identity.
/// </summary>
[Collection(RunningSystem.Shared)]
public sealed class IndexesTests(RunningSystem running)
{
    [Fact]
    public async Task every_index_is_listed_with_the_query_that_needs_it()
    {
        var system = await running.SystemAsync();
        var listed = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "indexes.txt"), TestContext.Current.CancellationToken))
            .Where(line => line.Length > 0).Select(line => line.Split(": ", 2)).ToDictionary(line => line[0], line => line[1]);
        var found = new List<string>();
        foreach (var service in new[] { "profiles", "ledger", "verification", "vacancies", "reporting" })
        {
            await using var connection = new NpgsqlConnection($"{system.Postgres};Database={service};Pooling=false");
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var indexes = new NpgsqlCommand(
                """
                select holder.relname || ' ' || index.relname from pg_index join pg_class index on index.oid = indexrelid
                    join pg_class holder on holder.oid = indrelid
                where not indisprimary and index.relnamespace not in (select oid from pg_namespace where nspname like 'pg\_%')
                """, connection);
            await using var row = await indexes.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            while (await row.ReadAsync(TestContext.Current.CancellationToken))
            {
                found.Add($"{service} {row.GetString(0)}");
            }
        }

        found.Order(StringComparer.Ordinal).ShouldBe(listed.Keys.Order(StringComparer.Ordinal));
        listed.ShouldAllBe(line => line.Value.Length > 0);
    }
}
