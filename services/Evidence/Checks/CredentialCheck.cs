using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using X509Certificate = Org.BouncyCastle.X509.X509Certificate;

namespace VolunteerBook.Evidence.Checks;

/// <summary>Checks a credential (VC-JWT), or an organisation's statement that comes alone.</summary>
internal static class CredentialCheck
{
    public static bool IsCredential(CompactJws jws) => StrictJson.Read(jws.Payload) is { } payload && payload.ContainsKey("@context");

    public static void Credential(CompactJws jws, CheckTrust trust, List<Finding> findings)
    {
        var payload = StrictJson.Read(jws.Payload)!;
        if (!Moment(payload, "validFrom", out var from) || (payload["validUntil"] is not null && !Moment(payload, "validUntil", out _))
            || Certificates(jws) is not [var signer, ..] certificates || PublicJwk.Read(jws.Header["jwk"]) is not { } key)
        {
            findings.Add(new Finding(false, "signature", "Its header does not hold a key with its certificates, or the credential no time when it begins."));
            return;
        }

        if (jws.Verify(key) is not null || !IsKeyOf(signer, key) || jws.Kid?.EndsWith("#" + key.Kid(), StringComparison.Ordinal) != true)
        {
            findings.Add(new Finding(false, "signature", "It is not valid under the certified key: the credential was changed."));
            return;
        }

        findings.Add(new Finding(true, "signature", "valid, ES256, covers the whole credential"));
        var path = CertificatePath.MaySign(signer) ? CertificatePath.Find(signer, certificates, trust.Roots, from) : null;
        if (path is null)
        {
            findings.Add(new Finding(false, "certificate", $"{signer.SubjectDN} does not lead to a trusted root, was not valid when the credential began, or may not sign."));
            return;
        }

        findings.Add(new Finding(true, "certificate", string.Join(" <- ", path)));
        findings.Add(Claims(payload));
        Tell(payload, findings);
    }

    public static void Statement(CompactJws jws, CheckTrust trust, List<Finding> findings)
    {
        if ((trust.Keys ?? []).FirstOrDefault(known => known.Kid() == jws.Kid) is not { } key)
        {
            findings.Add(new Finding(false, "key", $"The key {jws.Kid} is not among those that are trusted; hand it in."));
            return;
        }

        if (jws.Verify(key) is not null)
        {
            findings.Add(new Finding(false, "signature", "It is not valid under the key: the statement was changed."));
            return;
        }

        findings.Add(new Finding(true, "signature", $"valid, ES256, key {jws.Kid}"));
        foreach (var (name, value) in StrictJson.Read(jws.Payload) ?? [])
        {
            findings.Add(new Finding(null, name, value?.ToString() ?? "null"));
        }
    }

    private static Finding Claims(JsonObject payload) =>
        VerifiableCredential.Claims(payload).Where(claim => !JsonNode.DeepEquals(claim.Value, payload[claim.Key])).Select(claim => claim.Key).FirstOrDefault() is { } other
            ? new Finding(false, "claims", $"{other} is not what the credential says.")
            : new Finding(true, "claims", "they are what the credential says");

    private static void Tell(JsonObject payload, List<Finding> findings)
    {
        findings.Add(new Finding(null, "credential", $"{Text(payload, "name")}, {Text(payload, "id")}"));
        findings.Add(new Finding(null, "issuer", $"{(payload["issuer"] is JsonObject profile ? $"{Text(profile, "name")}, {Text(profile, "id")}" : Text(payload, "issuer"))}, from {Text(payload, "validFrom")}"));
        if (payload["credentialSubject"] is JsonObject subject)
        {
            findings.Add(new Finding(null, "subject", Text(subject, "id")));
            foreach (var result in subject["result"] as JsonArray ?? [])
            {
                findings.Add(new Finding(null, "total", $"{Text(result as JsonObject, "resultDescription").Split(':')[^1]}: {Text(result as JsonObject, "value")} min"));
            }
        }

        if (payload["credentialStatus"] is JsonObject status)
        {
            findings.Add(new Finding(null, "status", $"whether it was revoked is in place {Text(status, "statusListIndex")} of {Text(status, "statusListCredential")}, which needs the network"));
        }
    }

    private static List<X509Certificate>? Certificates(CompactJws jws)
    {
        try
        {
            return jws.Header["x5c"] is JsonArray chain ? [.. chain.Select(one => new X509Certificate(Convert.FromBase64String(one!.GetValue<string>())))] : null;
        }
        catch (Exception nonsense) when (CmsSignature.IsUnreadable(nonsense))
        {
            return null;
        }
    }

    private static bool IsKeyOf(X509Certificate certificate, PublicJwk key)
    {
        try
        {
            using var dotnet = X509CertificateLoader.LoadCertificate(certificate.GetEncoded());
            using var own = dotnet.GetECDsaPublicKey();
            return own is { KeySize: 256 } && PublicJwk.Of(own) == key;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool Moment(JsonObject json, string name, out DateTimeOffset moment)
    {
        moment = default;
        return json[name] is JsonValue value && value.TryGetValue(out moment);
    }

    private static string Text(JsonObject? json, string name) => json?[name]?.ToString() ?? "";
}
