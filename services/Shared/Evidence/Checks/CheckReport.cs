using System.Text.Json.Nodes;
using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Checks;

/// <summary>What a file was recognised as.</summary>
public enum CheckedKind
{
    /// <summary>Nothing that we know.</summary>
    Unknown,

    /// <summary>A PDF: an extract or a certificate of hours.</summary>
    Pdf,

    /// <summary>A credential, VC-JWT.</summary>
    Credential,

    /// <summary>A compact JWS over something else: an organisation's confirmation.</summary>
    Jws,

    /// <summary>A detached CMS signature.</summary>
    Cms,
}

/// <summary>Something that was looked at.</summary>
/// <param name="Stands">Whether it is as it should be; null for what is only told.</param>
/// <param name="About">What it is about, in a word or two.</param>
/// <param name="Text">What was found, in a sentence for a person.</param>
public sealed record Finding(bool? Stands, string About, string Text);

/// <summary>What a check found.</summary>
/// <param name="Kind">What the file is.</param>
/// <param name="Findings">Everything that was looked at, in order. After the first signature that does not stand nothing more is.</param>
public sealed record CheckReport(CheckedKind Kind, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether the file was recognised and everything stands.</summary>
    public bool Ok => Kind != CheckedKind.Unknown && Findings.Any(finding => finding.Stands == true) && Findings.All(finding => finding.Stands != false);

    /// <summary>Why it was refused: the first that does not stand; null where all does.</summary>
    public Finding? Refusal => Findings.FirstOrDefault(finding => finding.Stands == false);
}

/// <summary>Checks a proof that a signature is in the transparency log.</summary>
public interface ILogInclusion
{
    /// <summary>Whether the proof, as the log wrote it, puts exactly this signature, a JWS or a CMS in base64, into the log under the trusted key.</summary>
    bool Proves(JsonNode proof, string signature);
}

/// <summary>Whom the one who checks trusts.</summary>
/// <param name="Roots">Root certificates: whoever they certify may have signed, and is named in the findings.</param>
/// <param name="TimeStampRoots">Root certificates of outer time-stamping authorities, beside the roots above; who is certified by these alone signs nothing but time-stamps.</param>
/// <param name="Keys">Keys of organisations, for a JWS that comes alone.</param>
/// <param name="Log">The transparency log; none to leave its proofs unchecked.</param>
public sealed record CheckTrust(
    IReadOnlyList<X509Certificate> Roots, IReadOnlyList<X509Certificate>? TimeStampRoots = null, IReadOnlyList<PublicJwk>? Keys = null, ILogInclusion? Log = null);
