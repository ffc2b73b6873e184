using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Credentials;

namespace VolunteerBook.Documents.Credentials;

/// <summary>To whom a credential is issued. Only what is given goes in.</summary>
/// <param name="Id">A URI that says nothing about the person: <c>urn:uuid:…</c>, or the DID of a wallet.</param>
/// <param name="Name">The holder's name, where the holder wants it disclosed.</param>
/// <param name="Email">An address that the holder can show to be his; it goes in as a salted hash.</param>
public sealed record CredentialRecipient(string Id, string? Name = null, string? Email = null);

/// <summary>The place in a status list that says whether a credential was revoked.</summary>
/// <param name="ListUrl">Where the list is.</param>
/// <param name="Index">The place, from 0.</param>
public sealed record CredentialStatus(string ListUrl, int Index);

/// <summary>Open Badges 3.0 AchievementCredentials (1EdTech, Final 1.0), of type CommunityService.</summary>
public static class AchievementCredential
{
    private const string BadgeContext = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
    private const string Schema = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

    /// <summary>Of one entry that its organisation confirmed.</summary>
    /// <param name="entry">The entry: confirmed or signed.</param>
    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <param name="id">The credential's URI.</param>
    /// <param name="issuer">Who issues.</param>
    /// <param name="recipient">To whom.</param>
    /// <param name="issuedAt">When; whole seconds.</param>
    /// <param name="status">Where a revocation would show; none for a credential that cannot be revoked.</param>
    /// <exception cref="ArgumentException">The organisation did not confirm the entry, or the language is another.</exception>
    public static JsonObject OfEntry(
        ExtractEntry entry, string language, string id, CredentialIssuer issuer,
        CredentialRecipient recipient, DateTimeOffset issuedAt, CredentialStatus? status)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(issuer);
        if (entry.Grade < EvidenceGrade.Confirmed)
        {
            throw new ArgumentException("A credential is for an entry that its organisation confirmed.", nameof(entry));
        }

        var say = new Wording(language);
        var achievement = Achievement(say, $"{issuer.Address.ToString().TrimEnd('/')}/achievements/{entry.EntryId}", entry.Project,
            $"{entry.Organisation}. {entry.TaskTypeName}", say["credential.criteria-entry"], [EvidenceGrade.Confirmed, EvidenceGrade.Signed]);
        var subject = Subject(recipient, achievement, [(entry.Grade, entry.CountedMinutes)]);
        Dates(subject, entry.Shifts.Select(shift => (shift.StartsAt(), shift.EndsAt())));
        if (entry.ResponsibilityLevel is { } level)
        {
            subject["role"] = level;
        }

        var credential = Credential(id, $"{entry.Project}: {say.Duration(entry.CountedMinutes)}", issuer, issuedAt, subject, status);
        if (entry.Signature is { } signature)
        {
            var evidence = new JsonObject
            {
                // RFC 2397; application/jose is the media type of a compact JWS (RFC 7515, 9.2.1), application/pkcs7-signature
                // that of a detached CMS (RFC 8551, 3.2.1).
                ["id"] = (signature.Statement is null ? "data:application/jose," : "data:application/pkcs7-signature;base64,") + signature.Text,
                ["type"] = new JsonArray("Evidence"),
                ["name"] = entry.Organisation,
                ["narrative"] = say["grade.signed.meaning"],
                ["genre"] = signature.Statement is null ? "JWS" : "CMS",
            };
            if (signature.Statement is { } statement)
            {
                // What the signature is over, byte by byte.
                evidence["description"] = statement;
            }

            credential["evidence"] = new JsonArray(evidence);
        }

        return credential;
    }

    /// <summary>Of a whole extract: its totals by grade.</summary>
    /// <param name="document">The extract.</param>
    /// <inheritdoc cref="OfEntry"/>
    public static JsonObject OfExtract(ExtractDocument document, string id, CredentialIssuer issuer, CredentialRecipient recipient, CredentialStatus? status)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(issuer);
        var say = new Wording(document.Language);
        var achievement = Achievement(say, $"{issuer.Address.ToString().TrimEnd('/')}/achievements/extract", say["extract.title"], document.Issuer,
            say["credential.criteria-extract"], Enum.GetValues<EvidenceGrade>());
        var subject = Subject(recipient, achievement, document.Totals.Select(total => (total.Grade, total.Minutes)));
        subject["licenseNumber"] = document.Number;
        // Of a shift over the period's border only what lies in the period is the document's.
        var period = new Period(document.Scope.From, document.Scope.Until);
        Dates(subject, document.Entries.SelectMany(entry => Tally.Alone(new Work(entry.EntryId, entry.Grade, entry.Shifts), period)?.Stretches ?? [])
            .Select(stretch => (DateTimeOffset.UnixEpoch.AddMinutes(stretch.From), DateTimeOffset.UnixEpoch.AddMinutes(stretch.To))));
        return Credential(id, $"{say["extract.title"]} {document.Number}", issuer, document.IssuedAt, subject, status);
    }

    private static JsonObject Credential(string id, string name, CredentialIssuer issuer, DateTimeOffset issuedAt, JsonObject subject, CredentialStatus? status)
    {
        var credential = new JsonObject
        {
            ["@context"] = new JsonArray(VerifiableCredential.Context, BadgeContext),
            ["id"] = id,
            ["type"] = new JsonArray("VerifiableCredential", "AchievementCredential"),
            ["name"] = name,
            ["issuer"] = issuer.Profile(),
            ["validFrom"] = VerifiableCredential.Moment(issuedAt),
            ["awardedDate"] = VerifiableCredential.Moment(issuedAt),
            ["credentialSubject"] = subject,
            ["credentialSchema"] = new JsonArray(new JsonObject { ["id"] = Schema, ["type"] = "1EdTechJsonSchemaValidator2019" }),
        };
        if (status is not null)
        {
            credential["credentialStatus"] = new JsonObject
            {
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"{status.ListUrl}#{status.Index}"),
                ["type"] = "BitstringStatusListEntry",
                ["statusPurpose"] = StatusList.Revocation,
                ["statusListIndex"] = status.Index.ToString(CultureInfo.InvariantCulture),
                ["statusListCredential"] = status.ListUrl,
            };
        }

        return credential;
    }

    private static JsonObject Achievement(Wording say, string id, string name, string description, string criteria, IEnumerable<EvidenceGrade> grades) => new()
    {
        ["id"] = id,
        ["type"] = new JsonArray("Achievement"),
        ["achievementType"] = "CommunityService",
        ["name"] = name,
        ["description"] = description,
        ["criteria"] = new JsonObject { ["narrative"] = criteria },
        ["inLanguage"] = say.Language,
        ["resultDescription"] = new JsonArray([.. grades.Select(grade => new JsonObject
        {
            ["id"] = ResultId(grade),
            ["type"] = new JsonArray("ResultDescription"),
            ["name"] = $"{say["grade." + ExtractJson.Kebab(grade)]}, {say["credential.minutes"]}",
            ["resultType"] = "ext:minutes",
        })]),
    };

    private static JsonObject Subject(CredentialRecipient recipient, JsonObject achievement, IEnumerable<(EvidenceGrade Grade, int Minutes)> results)
    {
        var subject = new JsonObject { ["id"] = recipient.Id, ["type"] = new JsonArray("AchievementSubject") };
        var identifiers = new JsonArray();
        if (recipient.Name is { } name)
        {
            identifiers.Add(Identity("name", hashed: false, name));
        }

        if (recipient.Email is { } email)
        {
            var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var identity = Identity("emailAddress", hashed: true, IdentityHash(email, salt));
            identity["salt"] = salt;
            identifiers.Add(identity);
        }

        if (identifiers.Count > 0)
        {
            subject["identifier"] = identifiers;
        }

        subject["achievement"] = achievement;
        subject["result"] = new JsonArray([.. results.Select(result => new JsonObject
        {
            ["type"] = new JsonArray("Result"),
            ["resultDescription"] = ResultId(result.Grade),
            ["value"] = result.Minutes.ToString(CultureInfo.InvariantCulture),
        })]);
        return subject;
    }

    /// <summary>IdentityHash (Open Badges 3.0): SHA-256 over the identity and the salt, UTF-8.</summary>
    public static string IdentityHash(string identity, string salt) =>
        "sha256$" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity + salt)));

    private static JsonObject Identity(string type, bool hashed, string hash) =>
        new() { ["type"] = "IdentityObject", ["hashed"] = hashed, ["identityHash"] = hash, ["identityType"] = type };

    private static string ResultId(EvidenceGrade grade) => "urn:volunteerbook:minutes:" + ExtractJson.Kebab(grade);

    // The first start and the last end, UTC.
    private static void Dates(JsonObject subject, IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> work)
    {
        var all = work.ToList();
        if (all.Count > 0)
        {
            subject["activityStartDate"] = VerifiableCredential.Moment(all.Min(one => one.Start));
            subject["activityEndDate"] = VerifiableCredential.Moment(all.Max(one => one.End));
        }
    }
}
