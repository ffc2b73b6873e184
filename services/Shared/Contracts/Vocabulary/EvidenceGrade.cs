using System.Text.Json.Serialization;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>How well a minute of work is evidenced (N8), from the weakest on.</summary>
public enum EvidenceGrade
{
    /// <summary>The volunteer says so.</summary>
    [JsonStringEnumMemberName("selfDeclared")]
    SelfDeclared,

    /// <summary>Recorded where the work was done, by the organisation's attendance at a vacancy's shift.</summary>
    [JsonStringEnumMemberName("checkedIn")]
    CheckedIn,

    /// <summary>Found in a document of the organisation's own, an attendance sheet, but not yet confirmed.</summary>
    [JsonStringEnumMemberName("matched")]
    Matched,

    /// <summary>Confirmed by a named person of the organisation, without an electronic signature.</summary>
    [JsonStringEnumMemberName("confirmed")]
    Confirmed,

    /// <summary>Confirmed under the organisation's electronic signature.</summary>
    [JsonStringEnumMemberName("signed")]
    Signed,
}
