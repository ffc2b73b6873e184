using System.Text;
using System.Text.Json;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// The issuer's keys that a development environment made for itself; those that were stored before there was a master key are under it from then on, too.
/// </summary>
internal sealed class IssuerKeysUnderTheMasterKey(NpgsqlDataSource database, MasterKey master) : IUnderTheMasterKey
{
    public async Task<int> RewrapAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var read = new NpgsqlCommand("select keys::text from issuer_development_keys where id = 1 for update", connection, transaction);
        if (await read.ExecuteScalarAsync(ct) is not string kept)
        {
            return 0;
        }

        using var stored = JsonDocument.Parse(kept);
        var anew = stored.RootElement.ValueKind is JsonValueKind.Object
            ? master.Protect(Encoding.UTF8.GetBytes(kept), IssuerKeys.Purpose) : master.Rewrap(stored.RootElement.GetBytesFromBase64(), IssuerKeys.Purpose);
        await using var write = new NpgsqlCommand("update issuer_development_keys set keys = $1::jsonb where id = 1", connection, transaction)
        {
            Parameters = { new() { Value = JsonSerializer.Serialize(Convert.ToBase64String(anew)) } },
        };
        await write.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return 1;
    }
}
