using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Checks;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// Checks the proofs that documents carry: <c>{checkpoint, index, record, salt, hashes}</c>, a signed checkpoint (C2SP tlog-checkpoint), the
/// leaf's place, the event as canonical JSON, its salt and the hashes of RFC 6962, 2.1.1 (both base64). It proves a signature when the event that
/// it leads to holds exactly this signature.
/// </summary>
/// <param name="log">The log's keys, one of them known from elsewhere than the document.</param>
public sealed class LogInclusion(LogKeys log) : ILogInclusion
{
    /// <summary>Of a log of which one key is known.</summary>
    public LogInclusion(NoteVerifier log)
        : this(new LogKeys(log))
    {
    }

    /// <inheritdoc/>
    public bool Proves(JsonNode proof, string signature)
    {
        ArgumentNullException.ThrowIfNull(proof);
        try
        {
            if (log.Open(Encoding.UTF8.GetBytes(Text(proof, "checkpoint"))) is not { } checkpoint
                || StrictJson.Read(Encoding.UTF8.GetBytes(Text(proof, "record"))) is not { } record
                || record["data"]?["signature"] is not JsonValue recorded || !recorded.TryGetValue<string>(out var signed) || signed != signature)
            {
                return false;
            }

            var commitment = LeafCommitment.Of(Convert.FromBase64String(Text(proof, "salt")), Encoding.UTF8.GetBytes(Text(proof, "record")));
            var hashes = proof["hashes"]!.AsArray().Select(hash => Convert.FromBase64String(hash!.GetValue<string>())).ToList();
            return MerkleTree.VerifyInclusion(
                long.Parse(Text(proof, "index"), NumberStyles.None, CultureInfo.InvariantCulture),
                checkpoint.Size, MerkleTree.Leaf(commitment), hashes, checkpoint.Root);
        }
        // A proof of another shape proves nothing; it says so in one of these ways.
        catch (Exception other) when (other is FormatException or OverflowException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            return false;
        }
    }

    private static string Text(JsonNode proof, string member) => proof[member]!.GetValue<string>();
}
