using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VolunteerBook.AppHost;

/// <summary>The secrets of one state folder: made once, kept in <c>secrets.json</c> that only its owner can read.</summary>
public sealed record Secrets
{
    /// <summary>Password of PostgreSQL's user postgres.</summary>
    public required string Postgres { get; init; }

    /// <summary>Password of RabbitMQ's user volunteerbook.</summary>
    public required string RabbitMq { get; init; }

    /// <summary>The key that wraps the persons' keys in Profiles: base64 of 32 bytes.</summary>
    public required string MasterKey { get; init; }

    /// <summary>The one before it, while what it wraps is being wrapped by that; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PreviousMasterKey { get; init; }

    /// <summary>
    /// The key that signs the transparency log's checkpoints: base64 of 32 bytes. State folders older than the log get theirs when they are next opened.
    /// </summary>
    public string LogSigningKey { get; init; } = "";

    /// <summary>The one that is to follow it, while that hands over to this; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextLogSigningKey { get; init; }

    /// <summary>Secret of client portal.</summary>
    public required string PortalClient { get; init; }

    /// <summary>Secret of client services.</summary>
    public required string ServicesClient { get; init; }

    /// <summary>Secret of client analyst.</summary>
    public required string AnalystClient { get; init; }

    /// <summary>Secret of client organisation.</summary>
    public required string OrganisationClient { get; init; }

    /// <summary>Client ids of the demonstration's agencies.</summary>
    public static IReadOnlyList<string> Agencies { get; } =
        ["agency_education", "agency_employment", "agency_taxation", "agency_social_protection", "agency_pension"];

    /// <summary>Secret of an agency's client.</summary>
    public string AgencyClient(string clientId) => Made("volunteerbook agency client\n" + clientId);

    /// <summary>Password of a service's own role in PostgreSQL.</summary>
    public string Role(string database) => Made("volunteerbook role\n" + database);

    /// <summary>What the dashboard's page asks for.</summary>
    [JsonIgnore]
    public string DashboardToken => Made("volunteerbook dashboard\npage");

    /// <summary>What the dashboard's receivers ask for.</summary>
    [JsonIgnore]
    public string TelemetryKey => Made("volunteerbook dashboard\nreceivers");

    // Made from one that the folder holds, so that older folders need nothing new.
    private string Made(string purpose) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ServicesClient), Encoding.UTF8.GetBytes(purpose)));

    /// <summary>The key that wraps what a service keeps secret in its database: base64 of 32 bytes, made of the one that the folder holds.</summary>
    public string KeyOf(string service) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(MasterKey), Encoding.UTF8.GetBytes("volunteerbook master key\n" + service)));

    /// <summary>The same of the master key before; null where none is being replaced.</summary>
    internal string? PreviousKeyOf(string service) => PreviousMasterKey is { } previous ? (this with { MasterKey = previous }).KeyOf(service) : null;

    /// <summary>Secret of client demo, which exists only with the demo switch: fixed, because the README's commands use it.</summary>
    public const string DemoClient = "demo-secret";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the folder's secrets, or makes them.</summary>
    public static Secrets Of(string folder)
    {
        var path = Path.Combine(folder, "secrets.json");
        if (File.Exists(path))
        {
            var kept = JsonSerializer.Deserialize<Secrets>(File.ReadAllText(path), Json)
                ?? throw new RefusedException($"{path} is empty. `--fresh` starts with new secrets and no data.");
            return kept.LogSigningKey.Length > 0 ? kept : Keep(path, kept with { LogSigningKey = Key() });
        }

        return Keep(path, new Secrets
        {
            Postgres = Random(),
            RabbitMq = Random(),
            MasterKey = Key(),
            LogSigningKey = Key(),
            PortalClient = Random(),
            ServicesClient = Random(),
            AnalystClient = Random(),
            OrganisationClient = Random(),
        });
    }

    /// <summary>By which it is told whether two are for the same data, without giving any of them away.</summary>
    internal string Fingerprint =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{MasterKey} {PreviousMasterKey} {LogSigningKey} {Postgres}{NextLogSigningKey}")));

    /// <summary>A new key: base64 of 32 bytes.</summary>
    internal static string RandomKey() => Key();

    /// <summary>A new random secret of letters and digits.</summary>
    internal static string Random() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Keeps others in a folder, in the place of its secrets.</summary>
    internal static void Replace(string folder, Secrets secrets) => Keep(Path.Combine(folder, "secrets.json"), secrets);

    private static Secrets Keep(string path, Secrets secrets)
    {
        // Written beside and moved: a crash leaves either no secrets or all of them.
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            JsonSerializer.Serialize(file, secrets, Json);
            // On the disk before anything is encrypted under it, or signed.
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        if (OperatingSystem.IsLinux())
        {
            // The name, too: PostgreSQL remembers what is done with a key when the power fails, so the key must not be forgotten.
            using var sync = System.Diagnostics.Process.Start("sync", ["-f", path]);
            sync.WaitForExit();
        }

        return secrets;
    }
}
