using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Npgsql;
using VolunteerBook.AppHost;
using VolunteerBook.AppHost.Operations;

namespace VolunteerBook.EndToEnd.Tests.Upgrade;

/// <summary>A state folder of an earlier version, made of what is kept of it here, and what that version said of it.</summary>
internal static class OldState
{
    private static readonly string Kept = Path.Combine(AsBuilt.Repository, "tests", "EndToEnd.Tests", "Upgrade");

    /// <summary>The databases of then; the portal had none.</summary>
    public static readonly string[] Databases = ["identity", "profiles", "ledger", "verification", "vacancies", "reporting"];

    /// <summary>What that version said.</summary>
    public static JsonElement Said(string version) => JsonDocument.Parse(Unpacked($"{version}.json.br")).RootElement;

    /// <summary>Makes the folder what it was.</summary>
    public static async Task RestoreAsync(string version, string folder)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "secrets.json"), Said(version).GetProperty("secrets").GetRawText());
        await using var postgres = await StatePostgres.StartAsync(await StateFolder.OpenAsync(folder), default);
        foreach (var database in Databases)
        {
            await ExecuteAsync(postgres, "postgres", $"create database {database}");
        }

        using var psql = Process.Start(new ProcessStartInfo(StatePostgres.Program("psql"), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }.With(postgres.Environment))!;
        var (output, errors) = (psql.StandardOutput.ReadToEndAsync(), psql.StandardError.ReadToEndAsync());
        await psql.StandardInput.BaseStream.WriteAsync(Unpacked($"{version}.sql.br"));
        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        await output;
        if (psql.ExitCode != 0)
        {
            throw new InvalidOperationException($"The stores of {version} could not be restored: {await errors}");
        }

        // Links end. What this is about is that they lead where they led, whenever that is tried.
        await ExecuteAsync(
            postgres, "ledger",
            "update mt_doc_delivery set data = jsonb_set(data, '{until}', to_jsonb(now() + interval '30 days')) where data ->> 'until' is not null");
        await ExecuteAsync(postgres, "verification", "update mt_doc_inquiry set data = jsonb_set(data, '{until}', to_jsonb(now() + interval '30 days'))");
    }

    /// <summary>A program's start with more variables.</summary>
    private static ProcessStartInfo With(this ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static async Task ExecuteAsync(StatePostgres postgres, string database, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.Database(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static byte[] Unpacked(string name)
    {
        using var packed = new BrotliStream(File.OpenRead(Path.Combine(Kept, name)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        packed.CopyTo(plain);
        return plain.ToArray();
    }
}
