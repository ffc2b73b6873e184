using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Checks;

/// <summary>Whom the one who checks trusts.</summary>
/// <param name="Roots">Root certificates: whoever they certify may have signed, and is named in the findings.</param>
/// <param name="TimeStampRoots">
/// Root certificates of outer time-stamping authorities, beside the roots above; who is certified by these alone signs nothing but time-stamps.
/// </param>
/// <param name="Keys">Keys of organisations, for a JWS that comes alone.</param>
/// <param name="Log">The transparency log; none to leave its proofs unchecked.</param>
public sealed record CheckTrust(
    IReadOnlyList<X509Certificate> Roots, IReadOnlyList<X509Certificate>? TimeStampRoots = null,
    IReadOnlyList<PublicJwk>? Keys = null, ILogInclusion? Log = null);
