using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.CommandLine;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Transparency;

const string Usage = """
    check FILE --offline --root CERT [OPTIONS]
    FILE is a PDF extract or certificate, a credential (VC-JWT), a compact JWS, or a detached CMS signature (DER).
      --offline               checks without a network; always required
      --root CERT             root certificate to trust, PEM or DER; may be repeated
      --time-stamp-root CERT  root certificate to trust for time-stamps only; may be repeated
      --key JWK               public key of an organisation to trust, for a JWS on its own; may be repeated
      --log-key KEY           a verifier key of the transparency log, past or present, to check the proofs that signatures are in it
      --log-keys FILE         the log's answer at /api/v1/log/keys, if it has had more than one key
      --content FILE          the file that a detached CMS signature signs
    Ends with "check: ok" (exit code 0) or "check: REFUSED" and the reason (1); 2 if the arguments are wrong or a file cannot be read.
    """;

if (CheckArguments.Read(args) is not { } asked)
{
    Console.Error.WriteLine(Usage);
    return args is ["--help" or "-h" or "help"] ? 0 : 2;
}

CheckReport report;
try
{
    report = Check.Offline(
        File.ReadAllBytes(asked.File),
        new CheckTrust(
            Certificates(asked.Roots),
            Certificates(asked.TimeStampRoots),
            [.. asked.Keys.Select(Key)],
            asked.LogKey is null ? null : new LogInclusion(LogKeys.Of(NoteVerifier.Parse(asked.LogKey), Successions(asked.LogKeys)))),
        TimeProvider.System.GetUtcNow(),
        asked.Content is null ? null : File.ReadAllBytes(asked.Content));
}
catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
    or CryptographicException or JsonException or FormatException or InvalidOperationException or ArgumentException)
{
    Console.Error.WriteLine(unreadable.Message);
    return 2;
}

foreach (var finding in report.Findings)
{
    Console.WriteLine($"{finding.About}: {(finding.Stands == false ? "REFUSED. " : "")}{finding.Text}");
}

Console.WriteLine(report.Ok ? "check: ok" : $"check: REFUSED {report.Refusal?.About}: {report.Refusal?.Text}");
return report.Ok ? 0 : 1;

static List<Org.BouncyCastle.X509.X509Certificate> Certificates(IEnumerable<string> files) =>
    [.. files.SelectMany(file =>
    {
        var all = new X509Certificate2Collection();
        if (File.ReadAllText(file).Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            all.ImportFromPemFile(file);
        }
        else
        {
            all.Add(X509CertificateLoader.LoadCertificateFromFile(file));
        }

        return all.Select(one => new Org.BouncyCastle.X509.X509Certificate(one.RawData));
    })];

// From the one that is trusted, each of the others is by what both signed; who wrote the file does not matter.
static IEnumerable<string> Successions(string? file) => file is null ? []
    : JsonNode.Parse(File.ReadAllBytes(file))?["keys"] is JsonArray keys ? keys.Select(key => key?["succession"]?.GetValue<string>()).OfType<string>()
    : throw new FormatException($"{file} does not hold the keys of a log.");

static PublicJwk Key(string file) => PublicJwk.Read(JsonNode.Parse(File.ReadAllBytes(file))) ?? throw new FormatException($"{file} is not a P-256 key.");
