using System.Security.Cryptography.X509Certificates;
using Marten;
using Npgsql;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// What the portal issues under: its name and address, and its certified keys. <c>Issuer:Address</c> is where others reach it (https in production);
/// <c>Issuer:Documents</c>, <c>Issuer:Credentials</c> and <c>Issuer:TimeStamps</c> name PKCS #12 files with passwords beside them
/// (<c>Issuer:DocumentsPassword</c>, …), <c>Issuer:Root</c> the root's certificate in PEM, and those of earlier roots behind it,
/// <c>Issuer:EarlierCredentials</c> the certificates of the keys that signed credentials before (PEM, one after the other): they stay published, for what they
/// signed stands. <c>Issuer:TimeStampUrl</c> names an outer authority (RFC 3161 over HTTP) instead of keys of our own. Only a development environment may go
/// without, and keeps certificates of its own making in the database then.
/// </summary>
public sealed class IssuerKeys(
    IConfiguration configuration, IHostEnvironment environment, NpgsqlDataSource database, MasterKey master, TimeProvider clock, IHttpClientFactory clients)
{
    internal const string Purpose = "issuer-development-keys";
    private const string DevelopmentAddress = "http://localhost:8080";
    private static readonly string[] Needed = ["Issuer:Documents", "Issuer:Credentials", "Issuer:Root"];
    private Keys? known;

    /// <summary>The portal's name, as documents bear it.</summary>
    public string Name { get; } = configuration["Issuer:Name"] is { Length: > 0 } name ? name : "Книжка волонтёра";

    /// <summary>Where others reach the portal.</summary>
    public Uri Address { get; } = new(configuration["Issuer:Address"] is { Length: > 0 } address ? address.TrimEnd('/') : DevelopmentAddress);

    /// <summary>The portal as an issuer of credentials.</summary>
    public CredentialIssuer Credentials => new(Address, Name);

    /// <summary>Whether the keys are configured, and not those that a development environment keeps itself.</summary>
    public bool AreConfigured => configuration["Issuer:Documents"] is { Length: > 0 };

    /// <summary>The keys; made or read once.</summary>
    public async Task<Keys> GetAsync(CancellationToken ct) => known ??= AreConfigured
        ? Configured()
        : await DevelopmentAsync(ct);

    /// <summary>Refuses to start with a part of the keys, and outside development without any.</summary>
    /// <exception cref="InvalidOperationException">Names the settings that are missing.</exception>
    public void Require()
    {
        var missing = Needed.Where(name => string.IsNullOrEmpty(configuration[name])).ToList();
        if (missing.Count > 0 && (missing.Count < Needed.Length || !environment.IsDevelopment()))
        {
            throw new InvalidOperationException($"Not set: {string.Join(", ", missing)}. Each names a file of the portal's certificates: see the README.");
        }
    }

    private Keys Configured()
    {
        CertifiedKey Read(string name) => CertifiedKey.FromPkcs12(
            File.ReadAllBytes(configuration[$"Issuer:{name}"] ?? throw new InvalidOperationException($"Issuer:{name} is not set.")),
            configuration[$"Issuer:{name}Password"]);
        var root = File.ReadAllText(configuration["Issuer:Root"] ?? throw new InvalidOperationException("Issuer:Root is not set."));
        ITimeStampAuthority? stamps = configuration["Issuer:TimeStampUrl"] is { Length: > 0 } url
            ? new HttpTimeStampAuthority(clients.CreateClient("time-stamps"), new Uri(url))
            : configuration["Issuer:TimeStamps"] is { Length: > 0 } ? new PortalTimeStampAuthority(Read("TimeStamps"), clock)
            : null;
        var earlier = configuration["Issuer:EarlierCredentials"] is { Length: > 0 } file ? PublicKeys(File.ReadAllText(file)) : [];
        return new Keys(root, Read("Documents"), Read("Credentials"), stamps) { EarlierCredentialKeys = earlier };
    }

    private static List<PublicJwk> PublicKeys(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return [.. certificates.Select(certificate =>
        {
            using var key = certificate.GetECDsaPublicKey()
                ?? throw new InvalidOperationException($"{certificate.Subject} in Issuer:EarlierCredentials is not a P-256 certificate.");
            return PublicJwk.Of(key);
        })];
    }

    private async Task<Keys> DevelopmentAsync(CancellationToken ct)
    {
        Require();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var keep = new NpgsqlCommand(
            "insert into issuer_development_keys (id, keys) values (1, $1::jsonb) on conflict (id) do nothing", connection))
        {
            keep.Parameters.Add(new() { Value = KeptIssuerKeys.Of(PortalCertificates.Issue(Name, clock.GetUtcNow())).Protect(master) });
            await keep.ExecuteNonQueryAsync(ct);
        }

        await using var read = new NpgsqlCommand("select keys::text from issuer_development_keys where id = 1", connection);
        var kept = KeptIssuerKeys.Read((string)(await read.ExecuteScalarAsync(ct))!, master);
        var roots = string.Concat(kept.Roots.Select(root => root + "\n"));
        return new Keys(roots, Of(kept.Documents), Of(kept.Credentials), new PortalTimeStampAuthority(Of(kept.TimeStamps), clock))
        {
            EarlierCredentialKeys = PublicKeys(string.Concat(kept.EarlierCredentials)),
        };

        static CertifiedKey Of(string[] pem) => CertifiedKey.FromPem(pem[0], pem[1]);
    }

    /// <summary>The table of a development environment's keys.</summary>
    public static void AddTo(StoreOptions options)
    {
        var table = new Table("public.issuer_development_keys");
        table.AddColumn("id", "integer").AsPrimaryKey();
        table.AddColumn("keys", "jsonb").NotNull();
        options.Storage.ExtendedSchemaObjects.Add(table);
    }

    /// <summary>The portal's keys.</summary>
    /// <param name="RootPem">The root that others install to trust, and behind it those by which what was issued before is still trusted.</param>
    /// <param name="Documents">Signs documents.</param>
    /// <param name="Credentials">Signs credentials.</param>
    /// <param name="TimeStamps">Says when documents were signed; null for no time-stamps.</param>
    public sealed record Keys(string RootPem, CertifiedKey Documents, CertifiedKey Credentials, ITimeStampAuthority? TimeStamps)
    {
        /// <summary>The public halves of the keys that signed credentials before.</summary>
        public IReadOnlyList<PublicJwk> EarlierCredentialKeys { get; init; } = [];

        /// <summary>The public halves of all keys that sign or signed credentials, today's first.</summary>
        public IReadOnlyList<PublicJwk> CredentialKeys
        {
            get
            {
                using var key = Es256Key.Of(Credentials);
                // Before a key signs, it is among the others, so that it is known by then.
                return [.. EarlierCredentialKeys.Prepend(key.Public).Distinct()];
            }
        }

        /// <summary>The roots as certificates, today's first.</summary>
        public IReadOnlyList<Org.BouncyCastle.X509.X509Certificate> Roots()
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(RootPem);
            return [.. roots.Select(root => new Org.BouncyCastle.X509.X509Certificate(root.RawData))];
        }
    }
}
