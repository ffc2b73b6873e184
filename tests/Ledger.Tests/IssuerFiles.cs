using System.Security.Cryptography.X509Certificates;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>The portal's certificates as an operator provides them: files, outside of the database.</summary>
internal static class IssuerFiles
{
    /// <summary>Settings with certificates made for this test.</summary>
    public static ServiceSettings WithIssuer(this ServiceSettings settings)
    {
        var folder = TemporaryFolders.New();
        var made = PortalCertificates.Issue("Проверка", DateTimeOffset.UtcNow);
        File.WriteAllText(Path.Combine(folder, "root.pem"), made.Root.ExportCertificatePem());
        foreach (var (name, key) in new[] { ("Documents", made.Documents), ("Credentials", made.Credentials), ("TimeStamps", made.TimeStamps) })
        {
            File.WriteAllBytes(Path.Combine(folder, name + ".p12"), key.Certificate.Export(X509ContentType.Pkcs12, "secret"));
            settings = settings.With($"Issuer:{name}", Path.Combine(folder, name + ".p12")).With($"Issuer:{name}Password", "secret");
        }

        return settings.With("Issuer:Root", Path.Combine(folder, "root.pem")).With("Issuer:Address", "https://book.example");
    }
}
