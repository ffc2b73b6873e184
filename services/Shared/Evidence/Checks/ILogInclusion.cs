using System.Text.Json.Nodes;

namespace VolunteerBook.Evidence.Checks;

/// <summary>Checks a proof that a signature is in the transparency log.</summary>
public interface ILogInclusion
{
    /// <summary>Whether the proof, as the log wrote it, puts exactly this signature, a JWS or a CMS in base64, into the log under the trusted key.</summary>
    bool Proves(JsonNode proof, string signature);
}
