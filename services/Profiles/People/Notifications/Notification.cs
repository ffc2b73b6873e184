using System.Text.Json;
using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>What people are told of. In the table and in events by its name as the API has it, for ever.</summary>
public enum NotificationKind
{
    /// <summary>An organisation confirmed an entry of the person's.</summary>
    [JsonStringEnumMemberName("entryConfirmed")]
    EntryConfirmed,

    /// <summary>An organisation confirmed less than the person had submitted.</summary>
    [JsonStringEnumMemberName("entryPartlyConfirmed")]
    EntryPartlyConfirmed,

    /// <summary>An organisation asks for changes to an entry.</summary>
    [JsonStringEnumMemberName("entryReturned")]
    EntryReturned,

    /// <summary>An organisation rejected an entry.</summary>
    [JsonStringEnumMemberName("entryRejected")]
    EntryRejected,

    /// <summary>An organisation took a confirmation back.</summary>
    [JsonStringEnumMemberName("entryRevoked")]
    EntryRevoked,

    /// <summary>A signed attendance sheet has work of the person's that is in no entry.</summary>
    [JsonStringEnumMemberName("workProposed")]
    WorkProposed,

    /// <summary>An organisation decided on an application.</summary>
    [JsonStringEnumMemberName("applicationDecided")]
    ApplicationDecided,

    /// <summary>Somebody whom the organisation had asked about a case answered.</summary>
    [JsonStringEnumMemberName("inquiryAnswered")]
    InquiryAnswered,

    /// <summary>Cases wait for the organisation's decision beyond its limit: one notification for those of a day.</summary>
    [JsonStringEnumMemberName("casesLate")]
    CasesLate,

    /// <summary>A signing key of the organisation ends soon.</summary>
    [JsonStringEnumMemberName("keyExpires")]
    KeyExpires,

    /// <summary>The organisation that the person registered was approved.</summary>
    [JsonStringEnumMemberName("organisationApproved")]
    OrganisationApproved,

    /// <summary>The administrator suspended the organisation, or lifted the suspension.</summary>
    [JsonStringEnumMemberName("organisationSuspended")]
    OrganisationSuspended,
}

/// <summary>
/// What one person is told: ids and facts, never free text or what is another person's. The words are made when it is shown or mailed, in the reader's
/// language.
/// </summary>
/// <param name="Id">UUIDv5 of what happened, the kind and the person: of one and the same there is one.</param>
/// <param name="Person">Who is told.</param>
/// <param name="Kind">Of what.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Organisation">The organisation that it comes from or is about; null where that is not known.</param>
public sealed record Notification(Guid Id, Guid Person, NotificationKind Kind, DateTimeOffset At, Guid? Organisation)
{
    /// <summary>The entry, sheet, application or case; null where it is about the organisation.</summary>
    public Guid? About { get; init; }

    /// <summary>What was decided on, or is proposed, minutes.</summary>
    public int? Minutes { get; init; }

    /// <summary>What had been submitted, minutes, where less was confirmed.</summary>
    public int? Claimed { get; init; }

    /// <summary>How many cases or shifts.</summary>
    public int? Number { get; init; }

    /// <summary>Whether an application was accepted, an inquiry answered with yes, or an organisation suspended rather than reinstated.</summary>
    public bool? Outcome { get; init; }

    /// <summary>When a key ends, UTC.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>A notification of an event: of the same event, kind and person there is one, however often it is told.</summary>
    public static Notification Of(Guid happened, NotificationKind kind, Guid person, DateTimeOffset at, Guid? organisation) =>
        new(IdOf(happened, kind, person), person, kind, at, organisation);

    /// <summary>UUIDv5 of kind and person in the namespace of what happened.</summary>
    public static Guid IdOf(Guid happened, NotificationKind kind, Guid person) => Uuid.V5(happened, $"{Name(kind)}/{person:D}");

    /// <summary>A kind as it is stored and sent.</summary>
    public static string Name(NotificationKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    /// <summary>The page of the portal that shows what it is about.</summary>
    public string Link => (Kind, About, Organisation) switch
    {
        (NotificationKind.WorkProposed, _, _) => "/proposals",
        (NotificationKind.ApplicationDecided, { } application, _) => $"/applications/{application}",
        (NotificationKind.InquiryAnswered, { } found, _) => $"/coordination/cases/{found}",
        (NotificationKind.CasesLate, _, { } organisation) => $"/coordination/{organisation}/queue",
        (NotificationKind.KeyExpires, _, { } organisation) => $"/coordination/{organisation}/keys",
        (NotificationKind.OrganisationApproved or NotificationKind.OrganisationSuspended, _, { } organisation) => $"/coordination/{organisation}",
        (_, { } entry, _) => $"/book/{entry}",
        _ => "/notifications",
    };
}
