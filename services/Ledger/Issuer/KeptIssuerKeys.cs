using System.Text.Json;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// What a development environment keeps of the issuer's keys in its database, under the master key. Of each key its certificates and itself, in PEM.
/// </summary>
/// <param name="Root">The root's certificate, PEM.</param>
/// <param name="Documents">Of the key that signs documents.</param>
/// <param name="Credentials">Of the key that signs credentials.</param>
/// <param name="TimeStamps">Of the key that signs time-stamps.</param>
internal sealed record KeptIssuerKeys(string Root, string[] Documents, string[] Credentials, string[] TimeStamps)
{
    /// <summary>The root's own key, PEM; null in a database of before it was kept, whose root certifies nothing more.</summary>
    public string? RootKey { get; init; }

    /// <summary>Certificates of roots that certify nothing more, the latest first.</summary>
    public IReadOnlyList<string> EarlierRoots { get; init; } = [];

    /// <summary>Certificates of the keys that signed credentials before, the latest first; these keys themselves are gone.</summary>
    public IReadOnlyList<string> EarlierCredentials { get; init; } = [];

    /// <summary>All roots that are trusted, today's first.</summary>
    public IEnumerable<string> Roots => [Root, .. EarlierRoots];

    public static KeptIssuerKeys Of(PortalCertificates made) =>
        new(made.Root.ExportCertificatePem(), Pem(made.Documents), Pem(made.Credentials), Pem(made.TimeStamps))
        {
            RootKey = new CertifiedKey(made.Root, []).KeyPem(),
        };

    /// <summary>As the column holds it. An object is what was kept before it was encrypted.</summary>
    public static KeptIssuerKeys Read(string column, MasterKey master)
    {
        using var stored = JsonDocument.Parse(column);
        return (stored.RootElement.ValueKind is JsonValueKind.Object
            ? stored.RootElement.Deserialize<KeptIssuerKeys>()
            : JsonSerializer.Deserialize<KeptIssuerKeys>(master.Unprotect(stored.RootElement.GetBytesFromBase64(), IssuerKeys.Purpose)))!;
    }

    /// <summary>For the column.</summary>
    public string Protect(MasterKey master) =>
        JsonSerializer.Serialize(Convert.ToBase64String(master.Protect(JsonSerializer.SerializeToUtf8Bytes(this), IssuerKeys.Purpose)));

    /// <summary>New keys in the place of these, whose certificates stay known; under the same root where its key is there, else under a new one.</summary>
    public KeptIssuerKeys Followed(string organisation, DateTimeOffset now)
    {
        using var root = RootKey is { } key ? CertifiedKey.FromPem(Root, key).Certificate : null;
        return Of(root is null ? PortalCertificates.Issue(organisation, now) : PortalCertificates.Under(root, organisation, now)) with
        {
            EarlierRoots = root is null ? [.. Roots] : EarlierRoots,
            EarlierCredentials = [Credentials[0], .. EarlierCredentials],
        };
    }

    private static string[] Pem(CertifiedKey key) => [key.CertificatesPem(), key.KeyPem()];
}
