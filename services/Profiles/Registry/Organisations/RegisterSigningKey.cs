using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// POST /api/v1/organisations/{id}/keys: the organisation may sign with this key, which is one of two kinds: either a JWK or a certificate is given.
/// </summary>
/// <param name="Name">What its coordinators call the key, 1 to 100 characters.</param>
/// <param name="Jwk">The public half of a P-256 pair.</param>
/// <param name="ValidFrom">First instant at which a signature by it counts; now, when left out, or when the certificate begins. At most a day ago.</param>
/// <param name="ValidUntil">First instant at which it no longer counts; no end, when left out, or when the certificate ends.</param>
/// <param name="Certificate">
/// An X.509 certificate of a key of ГОСТ Р 34.10-2012 with 256 bit, DER in base64 or PEM. It goes into documents, so it names no person.
/// </param>
/// <param name="Proof">That the caller holds the private half. Without it, or with another's, nothing is registered.</param>
public sealed record RegisterSigningKey(
    string Name, Jwk? Jwk = null, DateTimeOffset? ValidFrom = null, DateTimeOffset? ValidUntil = null, string? Certificate = null, KeyProof? Proof = null);

/// <summary>By what signatures name the key: the thumbprint of the JWK (RFC 7638), or SHA-256 of the certificate, base64url.</summary>
public sealed record SigningKeyId(string Kid);

public static class RegisterSigningKeyEndpoint
{
    private const int MostKeys = 100;

    /// <summary>The longest certificate that is looked at.</summary>
    private const int MostCharacters = 16 * 1024;

    private static readonly Refusal AlreadyRegistered = Refusal.Conflict("key-already-registered",
        "This key is or was registered; make a new pair of keys.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/keys", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Register the public half of a signing key")
            // The key of RFC 7517, appendix A.1.
            .WithExample(new RegisterSigningKey("Ноутбук в приёмной", new Jwk(
                "EC", "P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"), Proof: new KeyProof("eyJhbGciOiJFUzI1NiIsImtpZCI6I….….…")));

    private static async Task<Results<Created<SigningKeyId>, NotFound, ProblemHttpResult>> Handle(
        Guid id, RegisterSigningKey command, ExpectedVersion expected, Caller caller, HttpContext http,
        KeyStatements statements, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stream = await session.Events.FetchForWriting<Organisation>(id, ct);
        if (stream.Aggregate is not { } organisation || !organisation.MaySignBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(organisation, command, KidOf(command) is { } kid ? await session.LoadAsync<KnownKey>(kid, ct) : null, statements, caller.Id, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (JasperFx.DocumentAlreadyExistsException)
        {
            // Another organisation registered it at the same time.
            return AlreadyRegistered.ToProblem();
        }

        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.Created($"/api/v1/organisations/{id}/keys", new SigningKeyId(KidOf(command)!));
    }

    /// <summary>Pure. <paramref name="known"/> is the key where any organisation has registered it: a signature must point to one organisation only.</summary>
    public static Decision Decide(
        Organisation organisation, RegisterSigningKey command, KnownKey? known, KeyStatements statements, Guid account, DateTimeOffset now)
    {
        var certificate = CertificateOf(command);
        var from = command.ValidFrom?.ToUniversalTime() ?? (certificate?.NotBefore > now ? certificate.NotBefore : now);
        var until = command.ValidUntil?.ToUniversalTime() ?? certificate?.NotAfter;
        if (Refusal.All(
            [
                Rules.Line("name", Text.Clean(command.Name), 100),
                (command.Jwk, command.Certificate) switch
                {
                    ({ } jwk, null) => jwk.Check("jwk"),
                    (null, not null) => Check(certificate, from, until, command, now),
                    _ => Refusal.Invalid("key-or-certificate", "jwk", "Give exactly one of jwk and certificate."),
                },
                command.ValidFrom is not null && from < now.AddDays(-1) ? Refusal.Invalid("validity-backdated", "validFrom",
                    "validFrom must be no more than a day ago.") : null,
                command.ValidUntil is not null && until <= from ? Refusal.Invalid("validity-empty", "validUntil",
                    "validUntil must be after the beginning of the validity.") : null,
                command.ValidUntil is not null && until <= now ? Refusal.Invalid("validity-over", "validUntil", "validUntil must be in the future.") : null,
            ]) is { } refusal)
        {
            return refusal;
        }

        if (organisation.Status != OrganisationStatus.Approved)
        {
            return Refusal.Conflict("organisation-not-approved", "Only an approved organisation can have keys.");
        }

        var kid = KidOf(command)!;
        var point = command.Jwk is { } taken ? new Evidence.Signatures.PublicJwk(taken.X, taken.Y) : null;
        if (statements.Check(command.Proof, kid, point, certificate, account, organisation, now) is { } unproven)
        {
            return unproven;
        }

        if (known is not null || organisation.Keys.Any(key => key.Kid == kid))
        {
            return AlreadyRegistered;
        }

        return organisation.Keys.Count(key => key.RevokedAt is null && !(key.ValidUntil <= now)) >= MostKeys
            ? Refusal.Conflict("too-many-keys", $"An organisation can have at most {MostKeys} keys in force; revoke one first.")
            : Decision.Append(new SigningKeyRegistered(
                organisation.Id, kid, Text.Clean(command.Name)!, command.Jwk?.X ?? "", command.Jwk?.Y ?? "", from, until, now, certificate?.Base64,
                command.Proof!.Signature, certificate is null ? null : command.Proof.Statement));
    }

    private static Refusal? Check(GostCertificate? certificate, DateTimeOffset from, DateTimeOffset? until, RegisterSigningKey command, DateTimeOffset now) =>
        certificate is null ? Refusal.Invalid(
            "certificate-malformed", "certificate",
            $"The certificate must be one X.509 certificate, as DER in base64 or as PEM, of at most {MostCharacters} characters.")
        : !certificate.IsGost ? Refusal.Invalid("certificate-algorithm", "certificate", "The certificate's key must be a 256-bit key of GOST R 34.10-2012 "
            + "(1.2.643.7.1.1.1.1) with a parameter set of tc26 or CryptoPro, for GOST R 34.11-2012.")
        : !certificate.MaySign ? Refusal.Invalid("certificate-usage", "certificate", "The certificate's key usage must allow signing documents.")
        : certificate.NamesPerson ? Refusal.Invalid(
            "certificate-names-person", "certificate",
            "The certificate must be the organisation's, without a person's name or SNILS: everyone who checks a document sees it.")
        : certificate.NotAfter <= now ? Refusal.Invalid("certificate-expired", "certificate", "The certificate must not have expired.")
        : Refusal.All(
        [
            from < certificate.NotBefore || from >= certificate.NotAfter
                ? Refusal.Invalid("validity-beyond-certificate", "validFrom", "validFrom must lie within the certificate's own validity.")
                : null,
            command.ValidUntil is not null && until > certificate.NotAfter
                ? Refusal.Invalid("validity-beyond-certificate", "validUntil", "validUntil must not be after the end of the certificate's own validity.")
                : null,
        ]);

    private static GostCertificate? CertificateOf(RegisterSigningKey command) =>
        command.Certificate is { Length: <= MostCharacters } text ? GostCertificate.Read(text) : null;

    private static string? KidOf(RegisterSigningKey command) => command.Jwk?.Thumbprint() ?? CertificateOf(command)?.Kid;
}
