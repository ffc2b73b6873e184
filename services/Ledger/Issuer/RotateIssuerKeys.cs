using Npgsql;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// <c>issuer rotate</c>: other keys sign what is issued from now on; what was issued stands, for the certificates of before stay published. With
/// <c>--compromised</c> they do not: what the earlier keys signed is trusted no more, whoever made it. Only for keys that a development environment keeps
/// itself; configured ones are files of the operator's. An instance that runs takes them up at its next start.
/// </summary>
internal sealed class RotateIssuerKeys(NpgsqlDataSource database, IssuerKeys issuer, MasterKey master, TimeProvider clock) : IVerb
{
    public string Name => "issuer";

    public string Usage => "issuer rotate [--compromised]";

    public async Task<int?> RunAsync(string[] args, CancellationToken ct)
    {
        if (args is not (["rotate"] or ["rotate", "--compromised"]))
        {
            return null;
        }

        Console.WriteLine(await RotateAsync(args.Length > 1, ct));
        return 0;
    }

    private async Task<string> RotateAsync(bool compromised, CancellationToken ct)
    {
        if (issuer.AreConfigured)
        {
            throw new InvalidOperationException("The issuer's keys are files that the configuration names; docs/operations.md says how to replace them.");
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var read = new NpgsqlCommand("select keys::text from issuer_development_keys where id = 1 for update", connection);
        if (await read.ExecuteScalarAsync(ct) is not string column)
        {
            return "The issuer has no keys yet; they are made when they are first needed.";
        }

        var before = KeptIssuerKeys.Read(column, master);
        var now = clock.GetUtcNow();
        var after = compromised ? KeptIssuerKeys.Of(PortalCertificates.Issue(issuer.Name, now)) : before.Followed(issuer.Name, now);
        await using var write = new NpgsqlCommand("update issuer_development_keys set keys = $1::jsonb where id = 1", connection)
        {
            Parameters = { new() { Value = after.Protect(master) } },
        };
        await write.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return compromised ? "The issuer has new keys under a new root, and nothing that the earlier ones signed is trusted any more."
            : after.Root == before.Root ? "The issuer has new keys under the same root."
            : "The issuer has new keys under a new root; publish it beside the earlier one.";
    }
}
