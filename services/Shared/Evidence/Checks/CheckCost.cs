using System.Diagnostics.Metrics;

namespace VolunteerBook.Evidence.Checks;

/// <summary>What checking documents costs, counted where it is spent: tests hold any input to its bounds by these counters, and telemetry shows them.</summary>
public static class CheckCost
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "VolunteerBook.Evidence";

    /// <summary>Signatures that were verified, of certificates and of documents.</summary>
    public const string Verifications = "evidence.verifications";

    /// <summary>Bytes that a parser was given: DER, JSON, PDF.</summary>
    public const string BytesParsed = "evidence.parsed";

    /// <summary>Bytes that came out of a decompression.</summary>
    public const string BytesUnpacked = "evidence.unpacked";

    private static readonly Meter Own = new(Meter);
    private static readonly Counter<long> VerificationsCounter = Own.CreateCounter<long>(Verifications, "{signature}");
    private static readonly Counter<long> ParsedCounter = Own.CreateCounter<long>(BytesParsed, "By");
    private static readonly Counter<long> UnpackedCounter = Own.CreateCounter<long>(BytesUnpacked, "By");

    internal static void Verified(int signatures) => VerificationsCounter.Add(signatures);

    internal static void Parsed(int bytes) => ParsedCounter.Add(bytes);

    internal static void Unpacked(int bytes) => UnpackedCounter.Add(bytes);
}
