using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Portal.Store;

/// <summary>The keys of cookies, and with them sessions and kept forms.</summary>
sealed class CookieKeysUnderTheMasterKey(NpgsqlDataSource database, MasterKey master) : IUnderTheMasterKey
{
    public async Task<int> RewrapAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var keys = new List<(long Number, string Xml)>();
        await using (var read = new NpgsqlCommand("select number, xml from cookie_keys for update", connection, transaction))
        await using (var row = await read.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct)) keys.Add((row.GetInt64(0), row.GetString(1)));
        }

        foreach (var (number, xml) in keys)
        {
            await using var write = new NpgsqlCommand("update cookie_keys set xml = $2 where number = $1", connection, transaction)
            {
                Parameters = { new() { Value = number }, new() { Value = CookieKeys.Rewrap(master, xml) } },
            };
            await write.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return keys.Count;
    }
}
