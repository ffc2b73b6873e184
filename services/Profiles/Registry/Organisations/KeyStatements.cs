using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// That the registrant holds the private half of a key: a signature by it over the statement of <c>GET /organisations/{id}/keys/statement</c>.
/// </summary>
/// <param name="Signature">
/// Of a JWK a compact JWS with ES256 whose <c>kid</c> is the key's thumbprint; of a certificate a detached CMS with the certificate in it, DER in base64.
/// </param>
/// <param name="Statement">With a CMS, which does not hold it: what was signed.</param>
public sealed record KeyProof(string Signature, string? Statement = null);

/// <summary>
/// What somebody signs to register a key: who registers it, for which organisation in which state, where, and until when. Only we can have made it, and nothing
/// needs to be kept for that: its nonce is an HMAC over the rest. Registering moves the organisation's version, so a statement serves once.
/// </summary>
public sealed class KeyStatements(People.PersonalData.MasterKey master, IConfiguration configuration)
{
    /// <summary>Names the form of the statement, and its version.</summary>
    public const string Form = "https://volunteerbook.example/statements/signing-key/1";

    /// <summary>How long a statement serves: time enough to carry it to a token in another machine and back.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string Time = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const int MostCharacters = 64 * 1024;

    private readonly byte[] _key = master.Derive("volunteerbook signing key statement 1");
    private readonly string _address = configuration["Issuer:Address"] is { Length: > 0 } configured ? configured.TrimEnd('/') : "http://localhost:8080";

    /// <summary>The statement, canonical bytes (RFC 8785), UTF-8.</summary>
    public byte[] Of(Guid account, Guid organisation, long version, DateTimeOffset expires)
    {
        var statement = new JsonObject
        {
            ["form"] = Form,
            ["audience"] = AudienceOf(organisation),
            ["accountId"] = account.ToString(),
            ["organisationId"] = organisation.ToString(),
            ["version"] = version,
            ["expires"] = expires.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture),
        };
        statement["nonce"] = Base64Url.EncodeToString(HMACSHA256.HashData(_key, CanonicalJson.Bytes(statement)));
        return CanonicalJson.Bytes(statement);
    }

    /// <summary>Why the proof does not prove that this account may register this key for the organisation as it stands now; null where it does. Pure.</summary>
    internal Refusal? Check(
        KeyProof? proof, string kid, Evidence.Signatures.PublicJwk? jwk,
        GostCertificate? certificate, Guid account, Organisation organisation, DateTimeOffset now)
    {
        if (proof is null)
        {
            return Refusal.Invalid("proof-missing", "proof",
                "Give a proof: a signature with this key over the statement that GET /organisations/{id}/keys/statement gives.");
        }

        if (proof.Signature.Length + (proof.Statement?.Length ?? 0) > MostCharacters)
        {
            return Malformed;
        }

        return jwk is not null ? CompactJws.Read(proof.Signature) switch
        {
            null => Malformed,
            { Alg: not CompactJws.Algorithm } => Refusal.Invalid("proof-algorithm", "proof.signature", "The signature must use ES256."),
            { } jws when jws.Kid != kid => OtherKey,
            { } jws => jws.Verify(jwk) is null ? Check(jws.Payload, "proof.signature", account, organisation, now) : Invalid,
        }
        : proof.Statement is not { } text ? Refusal.Invalid("proof-statement", "proof.statement", "Give the statement exactly as it was signed.")
        : CmsSignature.ReadBase64(proof.Signature) is not { } cms ? Malformed
        : (GostSignature.Verify(cms, Encoding.UTF8.GetBytes(text), certificate!.X509) switch
        {
            null => null,
            CmsFault.Malformed => Malformed,
            CmsFault.AlgorithmNotAllowed => Refusal.Invalid("proof-algorithm", "proof.signature",
                "The signature must use GOST R 34.10-2012 with a 256-bit key."),
            CmsFault.SignersCertificate => OtherKey,
            _ => Invalid,
        }) ?? Check(Encoding.UTF8.GetBytes(text), "proof.statement", account, organisation, now);
    }

    private static Refusal Malformed =>
        Refusal.Invalid("proof-malformed", "proof.signature", "The proof must be a compact JWS for a JWK, or a detached CMS in base64 for a certificate.");

    private static Refusal OtherKey => Refusal.Invalid("proof-other-key", "proof.signature",
        "The signature must be made with the key that is being registered, and must name it.");

    private static Refusal Invalid => Refusal.Invalid("proof-signature", "proof.signature", "The signature does not match the statement under this key.");

    private Refusal? Check(byte[] statement, string field, Guid account, Organisation organisation, DateTimeOffset now)
    {
        if (StrictJson.Read(statement, maxDepth: 2) is not { } said || Text(said, "form") != Form
            || !Guid.TryParse(Text(said, "accountId"), out var by) || !Guid.TryParse(Text(said, "organisationId"), out var of)
            || said["version"] is not JsonValue number || !number.TryGetValue<long>(out var version) || version is < 0 or > int.MaxValue
            || !DateTimeOffset.TryParseExact(Text(said, "expires"), Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expires))
        {
            return Refusal.Invalid("proof-statement", field, "What is signed must be exactly the statement that GET /organisations/{id}/keys/statement gives.");
        }

        return Text(said, "audience") != AudienceOf(of) ? Refusal.Invalid("proof-audience", field, $"The statement must be for {AudienceOf(organisation.Id)}.")
            : by != account ? Refusal.Invalid("proof-other-account", field,
                "The statement must be one that was given to you: another account's cannot register your key.")
            : of != organisation.Id ? Refusal.Invalid("proof-other-organisation", field, "The statement must be about this organisation.")
            : !statement.AsSpan().SequenceEqual(Of(by, of, version, expires))
                ? Refusal.Invalid("proof-statement", field, "What is signed must be exactly the statement that GET /organisations/{id}/keys/statement gives.")
            : expires <= now || expires > now + Lifetime
                ? Refusal.Invalid("proof-expired", field, $"A statement is valid for {Lifetime.TotalMinutes} minutes; ask for another.")
            : version != organisation.Version ? Refusal.Invalid(
                "proof-used", field, "A statement can be used once, and only while nothing else about the organisation changes; ask for another.")
            : null;
    }

    private string AudienceOf(Guid organisation) => $"{_address}/api/v1/organisations/{organisation}/keys";

    private static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
