using System.Text.Json.Serialization;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>How much a piece of work put into a volunteer's hands (F12), from the least on.</summary>
public enum ResponsibilityLevel
{
    /// <summary>Does the work under somebody's guidance.</summary>
    [JsonStringEnumMemberName("participant")]
    Participant,

    /// <summary>Leads a group of volunteers on the spot.</summary>
    [JsonStringEnumMemberName("teamLead")]
    TeamLead,

    /// <summary>Answers for a part of the event or the programme.</summary>
    [JsonStringEnumMemberName("coordinator")]
    Coordinator,

    /// <summary>Gives a professional's knowledge: a lawyer, a physician, an engineer.</summary>
    [JsonStringEnumMemberName("expert")]
    Expert,
}
