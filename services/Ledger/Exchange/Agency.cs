using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>What kind of authority or body an agency is; each kind has a form made for it. Stored by the names that the API has.</summary>
public enum AgencyKind
{
    /// <summary>Universities and schools.</summary>
    [JsonStringEnumMemberName("education")]
    Education,

    /// <summary>Employment services and employers' portals.</summary>
    [JsonStringEnumMemberName("employment")]
    Employment,

    /// <summary>The tax authority.</summary>
    [JsonStringEnumMemberName("taxation")]
    Taxation,

    /// <summary>Social protection.</summary>
    [JsonStringEnumMemberName("socialProtection")]
    SocialProtection,

    /// <summary>The pension fund.</summary>
    [JsonStringEnumMemberName("pension")]
    Pension,

    /// <summary>Anything else.</summary>
    [JsonStringEnumMemberName("other")]
    Other,
}

/// <summary>A text in the two languages of the interface.</summary>
/// <param name="Russian">In Russian, 1 to 200 characters.</param>
/// <param name="English">In English, 1 to 200 characters.</param>
public sealed record BothLanguages(string Russian, string English)
{
    /// <summary>What is wrong with the text, under the field's JSON path.</summary>
    public IEnumerable<Refusal?> Check(string field) =>
        [Rules.Line($"{field}.russian", Russian, 200), Rules.Line($"{field}.english", English, 200)];
}

/// <summary>What an agency reads books for. A grant names one, and so does every read.</summary>
/// <param name="Code">Stable code within the agency: 1 to 50 small letters, digits and hyphens, e.g. <c>admission</c>.</param>
/// <param name="Description">What it is, as the volunteer reads it before allowing it.</param>
public sealed record Purpose(string Code, BothLanguages Description);

/// <summary>The administrator registered an agency, or changed what is registered.</summary>
/// <param name="ClientId">The subject of its machine's tokens.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What kind of body it is.</param>
/// <param name="Purposes">What it may ask volunteers for; none shuts it out, whatever it was granted before.</param>
/// <param name="At">When, UTC.</param>
public sealed record AgencySet(string ClientId, BothLanguages Name, AgencyKind Kind, IReadOnlyList<Purpose> Purposes, DateTimeOffset At);

/// <summary>A body outside whose machine reads confirmed data, each volunteer's only under a grant of theirs.</summary>
public sealed record Agency
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    /// <summary>The subject of its machine's tokens.</summary>
    public required string ClientId { get; init; }

    public required BothLanguages Name { get; init; }

    public AgencyKind Kind { get; init; }

    public required IReadOnlyList<Purpose> Purposes { get; init; }

    /// <summary>When it was first registered, UTC.</summary>
    public DateTimeOffset RegisteredAt { get; init; }

    /// <summary>Whether it may ask for this.</summary>
    public bool Has(string purpose) => Purposes.Any(known => known.Code == purpose);

    /// <summary>The stream of the agency whose machine has this client id: UUIDv5.</summary>
    public static Guid IdOf(string clientId) => Uuid.V5(Uuid.Url, "https://volunteerbook.example/agencies/" + clientId);

    public static Agency Create(AgencySet e) => new() { ClientId = e.ClientId, Name = e.Name, Kind = e.Kind, Purposes = e.Purposes, RegisteredAt = e.At };

    public Agency Apply(AgencySet e) => this with { Name = e.Name, Kind = e.Kind, Purposes = e.Purposes };
}
