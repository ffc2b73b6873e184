using System.Text.Json.Serialization;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>Who wrote a review.</summary>
public enum ReviewSide
{
    /// <summary>The volunteer, about the organisation.</summary>
    [JsonStringEnumMemberName("volunteer")]
    Volunteer,

    /// <summary>A coordinator for the organisation, about the volunteer.</summary>
    [JsonStringEnumMemberName("organisation")]
    Organisation,
}
