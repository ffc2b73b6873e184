namespace VolunteerBook.Evidence.Signatures;

/// <summary>Who says when something existed: a time-stamping authority (RFC 3161).</summary>
public interface ITimeStampAuthority
{
    /// <summary>A time-stamp token (RFC 3161, 2.4.2; DER) over a SHA-256 digest of 32 bytes, with the authority's certificate in it.</summary>
    /// <exception cref="TimeStampException">The authority refused, or answered what is no token over this digest.</exception>
    Task<byte[]> Stamp(byte[] digest, CancellationToken ct = default);
}
