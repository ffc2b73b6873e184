using System.Data;
using System.Globalization;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// <c>VolunteerBook.Ledger.dll audit [--checkpoint FILE] [--key VKEY]</c>: audits the database of <c>ConnectionStrings:ledger</c>. The key is the one given, or
/// that of <c>Log:SigningKey</c>, or the one that a development database keeps itself, which shows nothing against one who can write there. The last line is
/// <c>audit: ok, …</c> (exit code 0) or <c>audit: FAULT …</c> (1); where it could not be told, a line on the error stream says why (2).
/// </summary>
public static class AuditCommand
{
    private const string Usage = "audit [--checkpoint FILE] [--key VKEY]";

    /// <summary>Runs the audit; the answer is the exit code.</summary>
    /// <param name="args">What follows <c>audit</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var (checkpoint, key) = args switch
            {
                [] => (null, null),
                ["--checkpoint", var file] => (file, null),
                ["--key", var text] => ((string?)null, text),
                ["--checkpoint", var file, "--key", var text] => (file, text),
                ["--key", var text, "--checkpoint", var file] => (file, (string?)text),
                _ => throw new ArgumentException(Usage),
            };
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
            var database = configuration.GetConnectionString("ledger") ?? throw new ArgumentException("ConnectionStrings__ledger is not set.");
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync();
            await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
            var verifier = key is not null ? NoteVerifier.Parse(key) : await OwnKeyAsync(configuration, connection);
            var outside = checkpoint is null ? null : await OutsideAsync(checkpoint, verifier, connection);
            var report = await new Audit(connection, verifier).RunAsync(outside, CancellationToken.None);
            Console.WriteLine($"key {verifier}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{report.Checkpoints} checkpoints verified, {report.Erased} events erased (only their place was checked), {report.NotLogged} "
                    + $"events not yet logged"));
            Console.WriteLine(report);
            return report.Fault is null ? 0 : 1;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException
            or InvalidOperationException or IOException or UnauthorizedAccessException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    private static async Task<Checkpoint?> OutsideAsync(string file, NoteVerifier verifier, NpgsqlConnection connection)
    {
        LogKeys keys;
        try
        {
            keys = await new LoggedRows(connection).KeysAsync(verifier, CancellationToken.None);
        }
        catch (FormatException)
        {
            // Somebody wrote into how the keys followed one another: the audit finds it, and it is not the one who asks who is wrong.
            return null;
        }

        return keys.Open(await File.ReadAllBytesAsync(file))
            ?? throw new ArgumentException($"{file} is not a checkpoint signed with {verifier} or with the key that the log had at its size.");
    }

    private static async Task<NoteVerifier> OwnKeyAsync(IConfiguration configuration, NpgsqlConnection connection)
    {
        // A development database that has no key has no log either; none is made here.
        if (string.IsNullOrEmpty(configuration[LogKey.Setting]))
        {
            await using var kept = new NpgsqlCommand("select count(*) from log_development_key", connection);
            if (await kept.ExecuteScalarAsync() is not 1L)
            {
                throw new ArgumentException($"Give the log's key: --key, or {LogKey.Setting.Replace(":", "__", StringComparison.Ordinal)}.");
            }
        }

        return (await LogKey.From(configuration, isDevelopment: true).SignerAsync(connection, CancellationToken.None)).Verifier;
    }
}
