using System.Text.Json.Serialization;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>Somebody asked that an organisation may receive volunteers. The stream's id is made of the ОГРН.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Name">Its public name.</param>
/// <param name="Ogrn">Its primary state registration number, 13 digits.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="RegisteredBy">The person who asked; they become its coordinator on approval.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationRegistered(Guid OrganisationId, string Name, string Ogrn, string Region, Guid RegisteredBy, DateTimeOffset At);

/// <summary>After a refusal somebody, the same person or another, asked again.</summary>
public sealed record OrganisationRegisteredAgain(Guid OrganisationId, string Name, string Region, Guid RegisteredBy, DateTimeOffset At);

/// <summary>The administrator let the organisation receive volunteers.</summary>
public sealed record OrganisationApproved(Guid OrganisationId, string Name, string Region, DateTimeOffset At);

/// <summary>The administrator refused the organisation.</summary>
public sealed record OrganisationRefused(Guid OrganisationId, string Reason, DateTimeOffset At);

/// <summary>The administrator suspended an approved organisation: until it is reinstated, it confirms nothing new and seeks nobody.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">Why: free text, for its coordinators.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationSuspended(Guid OrganisationId, string Reason, DateTimeOffset At);

/// <summary>The administrator lifted the suspension.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">Why: free text, for its coordinators.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationReinstated(Guid OrganisationId, string Reason, DateTimeOffset At);

/// <summary>The administrator corrected what an approved organisation is called or where it is.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Name">Its public name from now on.</param>
/// <param name="Region">ISO 3166-2 code from now on.</param>
/// <param name="NameBefore">Its name until then.</param>
/// <param name="RegionBefore">Its region until then.</param>
/// <param name="Reason">Why: free text, for its coordinators.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationCorrected(
    Guid OrganisationId, string Name, string Region, string NameBefore, string RegionBefore, string Reason, DateTimeOffset At);

/// <summary>
/// A person may act for the organisation from <paramref name="From"/> until just before <paramref name="Until"/>. Appointing again replaces the period.
/// </summary>
public sealed record CoordinatorAppointed(Guid OrganisationId, Guid PersonId, DateTimeOffset From, DateTimeOffset? Until, DateTimeOffset At);

/// <summary>A person no longer acts for the organisation.</summary>
public sealed record CoordinatorRemoved(Guid OrganisationId, Guid PersonId, DateTimeOffset At);

/// <summary>The organisation may sign with this key from <paramref name="ValidFrom"/> until just before <paramref name="ValidUntil"/>.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">RFC 7638 thumbprint of a P-256 key, SHA-256 of a certificate; base64url.</param>
/// <param name="Label">What its coordinators call it: free text, which the event feed withholds.</param>
/// <param name="X">x coordinate on P-256, 32 bytes, base64url; empty where there is a certificate.</param>
/// <param name="Y">y coordinate, likewise.</param>
/// <param name="ValidFrom">First instant of validity, UTC.</param>
/// <param name="ValidUntil">First instant after it, UTC; null while it has no end.</param>
/// <param name="At">When this was recorded, UTC.</param>
/// <param name="Certificate">The X.509 certificate of a key of ГОСТ Р 34.10-2012, DER in base64; null for a P-256 key.</param>
/// <param name="Proof">The signature by which who registered it proved to hold the private half; null in events from before that was asked for.</param>
/// <param name="ProofStatement">What it is over, where it does not hold that itself.</param>
public sealed record SigningKeyRegistered(
    Guid OrganisationId, string Kid, string Label, string X, string Y, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Certificate = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Proof = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ProofStatement = null);

/// <summary>From this instant on the key signs nothing new.</summary>
public sealed record SigningKeyRevoked(Guid OrganisationId, string Kid, string Reason, DateTimeOffset At);
