using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Checks;

/// <summary>Checks a CMS signature, whatever it is over.</summary>
internal static class CmsCheck
{
    /// <summary>
    /// Checks a CMS signature over content, its time-stamp and its certificates. Whether all stand; the findings say more. Who signed is looked at first: for a
    /// signer whom no trusted root certifies nothing else is.
    /// </summary>
    public static bool Signature(
        byte[] cms, ReadOnlySpan<byte> content, ReadOnlySpan<byte> rest, CheckTrust trust, DateTimeOffset now, string covers, List<Finding> findings)
    {
        if (CmsSignature.Read(cms) is not { } signature)
        {
            findings.Add(new Finding(false, "signature", "It is not a CMS signature in canonical form."));
            return false;
        }

        IReadOnlyList<X509Certificate>? path = null;
        if (signature.Signer is { } signer
            && (!CertificatePath.MaySign(signer) || (path = CertificatePath.Of(signer, signature.Certificates, trust.Roots)) is null))
        {
            findings.Add(new Finding(
                false, "certificate", $"{signer.SubjectDN} does not lead to a trusted root, or may not sign, so the signature was not checked."));
            return false;
        }

        if (signature.Verify(content, rest) is { } fault)
        {
            findings.Add(new Finding(false, "signature", fault switch
            {
                CmsFault.AlgorithmNotAllowed => "It is made with an algorithm that is not allowed.",
                CmsFault.SignersCertificate => "It does not contain the certificate that it names.",
                CmsFault.ContentDiffers => "Something else was signed: the file was changed.",
                CmsFault.SignatureInvalid => "It is not valid under the signer's key.",
                _ => "It is not a detached signature in canonical form.",
            }));
            return false;
        }

        findings.Add(new Finding(true, "signature", $"valid, {(signature.IsGost ? "GOST R 34.10-2012" : "CAdES")}, covers {covers}"));
        return Stamp(signature, trust, out var stamp, findings) && Path(path!, stamp?.At ?? now, findings);
    }

    private static bool Stamp(CmsSignature signature, CheckTrust trust, out TimeStamp? stamp, List<Finding> findings)
    {
        stamp = null;
        if (signature.TimeStampToken is not { } token)
        {
            findings.Add(new Finding(null, "time-stamp", "none: the time of signing is only what the signer says"));
            return true;
        }

        stamp = TimeStampToken.Check(token, signature.Value, [.. trust.Roots, .. trust.TimeStampRoots ?? []]);
        findings.Add(stamp is null
            ? new Finding(false, "time-stamp", "It is not valid, belongs to something else, or no trusted root certifies its authority.")
            : new Finding(true, "time-stamp", $"{VerifiableCredential.Moment(stamp.At)} by {string.Join(" <- ", stamp.Authority)}"));
        return stamp is not null;
    }

    private static bool Path(IReadOnlyList<X509Certificate> path, DateTimeOffset at, List<Finding> findings)
    {
        var fault = CertificatePath.FaultAt(path, at);
        findings.Add(new Finding(fault is null, "certificate", fault ?? string.Join(" <- ", CertificatePath.Names(path))));
        return fault is null;
    }
}
