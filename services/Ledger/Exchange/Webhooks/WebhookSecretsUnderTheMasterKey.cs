using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>The secrets of agencies' webhooks; those that were stored before there was a master key are under it from then on, too.</summary>
internal sealed class WebhookSecretsUnderTheMasterKey(NpgsqlDataSource database, MasterKey master) : IUnderTheMasterKey
{
    public async Task<int> RewrapAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var secrets = new List<(Guid Agency, DateTime MadeAt, byte[] Secret)>();
        await using (var read = new NpgsqlCommand("select agency_id, made_at, secret from keys.webhook_secrets for update", connection, transaction))
        await using (var row = await read.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                secrets.Add((row.GetGuid(0), row.GetDateTime(1), row.GetFieldValue<byte[]>(2)));
            }
        }

        foreach (var (agency, madeAt, secret) in secrets)
        {
            await using var write = new NpgsqlCommand(
                "update keys.webhook_secrets set secret = $3 where agency_id = $1 and made_at = $2", connection, transaction)
            {
                Parameters =
                {
                    new() { Value = agency },
                    new() { Value = madeAt },
                    new() { Value = WebhookSecret.Hide(master, agency, WebhookSecret.Open(master, agency, secret)) },
                },
            };
            await write.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return secrets.Count;
    }
}
