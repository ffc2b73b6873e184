using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using X509Certificate = Org.BouncyCastle.X509.X509Certificate;

namespace VolunteerBook.Evidence.Checks;

/// <summary>Checks a credential (VC-JWT), or an organisation's statement that comes alone.</summary>
internal static class CredentialCheck
{
    private static readonly string[] RegisteredClaims = ["iss", "jti", "nbf", "sub", "exp"];

    /// <summary>What a JWS is a credential by: the payload, where it names a context.</summary>
    public static JsonObject? CredentialIn(CompactJws jws) => StrictJson.Read(jws.Payload) is { } payload && payload.ContainsKey("@context") ? payload : null;

    public static void Credential(CompactJws jws, CheckTrust trust, DateTimeOffset now, List<Finding> findings)
    {
        var payload = CredentialIn(jws)!;
        if (Certificates(jws) is not [var signer, ..] certificates || PublicJwk.Read(jws.Header["jwk"]) is not { } key || !IsKeyOf(signer, key))
        {
            findings.Add(new Finding(false, "signature", "Its header does not contain a key with its certificates, so it cannot be checked offline."));
            return;
        }

        // Nothing is verified under a key for which nobody vouches.
        if (!CertificatePath.MaySign(signer) || CertificatePath.Of(signer, certificates, trust.Roots) is not { } path)
        {
            findings.Add(new Finding(
                false, "certificate", $"{signer.SubjectDN} does not lead to a trusted root, or may not sign, so the signature was not checked."));
            return;
        }

        if (jws.Verify(key) is { } unsigned)
        {
            findings.Add(new Finding(false, "signature", Text(unsigned, jws, "It is not valid under the certified key: the credential was changed.")));
            return;
        }

        findings.Add(new Finding(true, "signature", "valid, ES256, covers the whole credential"));
        var from = VerifiableCredential.Moment(payload["validFrom"]);
        if (CertificatePath.FaultAt(path, from ?? now) is { } unfit)
        {
            findings.Add(new Finding(false, "certificate", unfit));
            return;
        }

        findings.Add(new Finding(true, "certificate", string.Join(" <- ", CertificatePath.Names(path))));
        findings.Add(CredentialShape.FaultOf(payload) is { } fault
            ? new Finding(false, "shape", fault)
            : new Finding(true, "shape", "it is a credential of the W3C data model 2.0"));
        findings.Add(Issuer(payload, jws, key));
        findings.Add(Claims(payload));
        findings.Add(Time(from, VerifiableCredential.Moment(payload["validUntil"]), now));
        Tell(payload, findings);
    }

    public static void Statement(CompactJws jws, CheckTrust trust, List<Finding> findings)
    {
        if ((trust.Keys ?? []).FirstOrDefault(known => known.Kid() == jws.Kid) is not { } key)
        {
            findings.Add(new Finding(
                false, "key",
                jws.Kid is null ? "It does not name the key that signed." : $"The key {jws.Kid} is not among the trusted keys; hand it in as well."));
            return;
        }

        if (jws.Verify(key) is { } unsigned)
        {
            findings.Add(new Finding(false, "signature", Text(unsigned, jws, "It is not valid under the key: the statement was changed.")));
            return;
        }

        findings.Add(new Finding(true, "signature", $"valid, ES256, key {jws.Kid}"));
        foreach (var (name, value) in StrictJson.Read(jws.Payload) ?? [])
        {
            findings.Add(new Finding(null, name, value?.ToString() ?? "null"));
        }
    }

    private static string Text(JwsFault fault, CompactJws jws, string changed)
    {
        var algorithm = jws.Alg switch
        {
            null => "no algorithm",
            { Length: <= 16 } name when name.All(char.IsAsciiLetterOrDigit) => name,
            _ => "another algorithm",
        };
        return fault == JwsFault.AlgorithmNotAllowed
            ? $"It says that it is signed with {algorithm}; only {CompactJws.Algorithm} is accepted."
            : changed;
    }

    // The key's name is a DID URL: what stands before the fragment says whose key it is (VC-JOSE-COSE, 3.3.2).
    private static Finding Issuer(JsonObject payload, CompactJws jws, PublicJwk key) =>
        VerifiableCredential.IssuerOf(payload) is { } issuer && jws.Kid == $"{issuer}#{key.Kid()}"
            ? new Finding(true, "issuer", $"{CredentialShape.Text((payload["issuer"] as JsonObject)?["name"])} {issuer}, whose key signed it".TrimStart())
            : new Finding(
                false, "issuer", $"The key that signed, {jws.Kid ?? "which it does not name"}, is not the issuer's, {VerifiableCredential.IssuerOf(payload)}.");

    private static Finding Claims(JsonObject payload)
    {
        var implied = VerifiableCredential.Claims(payload);
        return RegisteredClaims.FirstOrDefault(claim => payload.ContainsKey(claim) && !JsonNode.DeepEquals(payload[claim], implied[claim])) is { } other
            ? new Finding(false, "claims", $"{other} is not what the credential says.")
            : new Finding(true, "claims", "they are what the credential says");
    }

    private static Finding Time(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now) =>
        from > now ? new Finding(false, "time", $"not yet valid: it becomes valid at {VerifiableCredential.Moment(from.Value)}")
        : until <= now ? new Finding(false, "time", $"expired: it was valid until {VerifiableCredential.Moment(until.Value)}")
        : new Finding(true, "time", "valid" + (from is { } since ? $" since {VerifiableCredential.Moment(since)}" : "")
            + (until is { } end ? $", until {VerifiableCredential.Moment(end)}" : ", without an end"));

    private static void Tell(JsonObject payload, List<Finding> findings)
    {
        findings.Add(new Finding(null, "credential", CredentialShape.Text(payload["name"])));
        findings.Add(new Finding(null, "id", CredentialShape.Text(payload["id"])));
        foreach (var subject in CredentialShape.All(payload["credentialSubject"]).OfType<JsonObject>())
        {
            findings.Add(new Finding(null, "subject", CredentialShape.Text(subject["id"])));
            foreach (var result in CredentialShape.All(subject["result"]).OfType<JsonObject>())
            {
                findings.Add(new Finding(
                    null, "total", $"{CredentialShape.Text(result["resultDescription"]).Split(':')[^1]}: {CredentialShape.Text(result["value"])} min"));
            }
        }

        foreach (var status in CredentialShape.All(payload["credentialStatus"]).OfType<JsonObject>())
        {
            findings.Add(new Finding(null, "status",
                $"cannot be checked offline: {CredentialShape.Text(status["statusPurpose"])} is entry {CredentialShape.Text(status["statusListIndex"])} "
                    + $"of {CredentialShape.Text(status["statusListCredential"])}"));
        }
    }

    // As many as a path has, and no more are read.
    private static List<X509Certificate>? Certificates(CompactJws jws)
    {
        if (jws.Header["x5c"] is not JsonArray { Count: <= CertificatePath.Longest } chain)
        {
            return null;
        }

        var read = chain.Select(one => one is JsonValue value && value.TryGetValue<string>(out var text) ? KnownCertificate.ReadBase64(text) : null)
            .OfType<X509Certificate>().ToList();
        return read.Count == chain.Count ? read : null;
    }

    // The certificate's key is compared as it is written: nothing has to be computed with it.
    private static bool IsKeyOf(X509Certificate certificate, PublicJwk key) =>
        certificate.CertificateStructure.SubjectPublicKeyInfo.GetDerEncoded().AsSpan().SequenceEqual(key.ToSubjectPublicKeyInfo());
}
