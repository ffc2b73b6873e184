using Npgsql;
using NpgsqlTypes;

namespace VolunteerBook.Benchmarks;

/// <summary>The baseline of writes: raw single-row inserts of a payload into the service's own database, sixteen at once.</summary>
internal static class RawInserts
{
    /// <summary>Inserts a second.</summary>
    public static async Task<double> RateAsync(Ground ground, string service, string payload, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(
            $"{ground.System.Postgres};Database={service};No Reset On Close=true;Max Auto Prepare=10;Auto Prepare Min Usages=2");
        await using (var create = database.CreateCommand("create table if not exists bench_rows (id uuid primary key, data jsonb not null)"))
        {
            await create.ExecuteNonQueryAsync(ct);
        }

        return await Ground.RateAsync(Ground.Times(20_000), async (_, token) =>
        {
            await using var insert = database.CreateCommand("insert into bench_rows (id, data) values ($1, $2)");
            insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
            insert.Parameters.Add(new() { Value = payload, NpgsqlDbType = NpgsqlDbType.Jsonb });
            await insert.ExecuteNonQueryAsync(token);
        }, ct);
    }
}
