using System.Text;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;
using Case = VolunteerBook.Verification.Cases.Case;

namespace VolunteerBook.Verification.Tests;

/// <summary>What confirms under ГОСТ Р 34.10-2012 in a detached CMS, and what does not.</summary>
[Trait("Feature", "F15")]
public sealed class GostDecisions
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly GostSigner Signer = Gost.New();
    private static readonly string Kid = GostCertificate.KidOf(Signer.Certificate);
    private readonly Case open;
    private readonly Organisation organisation;

    public GostDecisions()
    {
        var facts = new EntryFacts(
            Guid.CreateVersion7(), "Забота рядом", "D12", "RU-MOW",
            [new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 240)]);
        open = Case.Create(new CaseOpened(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), facts, Now)) with { Id = Guid.CreateVersion7() };
        organisation = new Organisation { Id = facts.OrganisationId }.Apply(new KeyKnown(Kid, "", "", Now.AddDays(-1), Now.AddDays(1), Signer.Base64));
    }

    private byte[] Signed => Statement.Of(open, 0);

    private Decision Confirm(byte[] cms, Organisation? by = null, DateTimeOffset? at = null) => Confirm(Convert.ToBase64String(cms), by, at);

    private Decision Confirm(string signature, Organisation? by = null, DateTimeOffset? at = null) =>
        ConfirmCaseEndpoint.Decide(open, by ?? organisation, null, new ConfirmCase(signature), at ?? Now);

    private static void ShouldBeRefused(Decision decision, string reason, string? kid)
    {
        decision.Refusal.ShouldNotBeNull().Status.ShouldBe(422);
        decision.Refusal!.Extensions["reason"].ShouldBe(reason);
        var recorded = decision.Events.ShouldHaveSingleItem().ShouldBeOfType<SignatureRefused>();
        (recorded.Reason, recorded.Kid).ShouldBe((reason, kid));
    }

    [Fact]
    public void a_signature_over_the_statement_by_the_registered_certificate_confirms_and_keeps_what_was_signed()
    {
        var confirmed = Confirm(Signer.Sign(Signed)).Events.ShouldHaveSingleItem().ShouldBeOfType<CaseConfirmed>();
        (confirmed.Kid, confirmed.Key, confirmed.Statement).ShouldBe((Kid, null, Encoding.UTF8.GetString(Signed)));
        GostSignature.Verify(Convert.FromBase64String(confirmed.Signature!), Encoding.UTF8.GetBytes(confirmed.Statement!), Signer.Certificate).ShouldBeNull();
    }

    [Fact]
    public void less_is_confirmed_and_a_confirmation_taken_back_in_the_same_way()
    {
        Shift[] part = [open.Shifts[0] with { Minutes = 120 }];
        var less = Convert.ToBase64String(Signer.Sign(Statement.Of(open, PartialConfirmation.Of(open, part), 0)));
        ConfirmCaseEndpoint.Decide(open, organisation, null, new ConfirmCase(less, part, "По журналу"), Now)
            .Events.ShouldHaveSingleItem().ShouldBeOfType<CaseConfirmed>().Facts!.Minutes().ShouldBe(120);

        var confirmed = open with { Status = CaseStatus.Confirmed, Signature = Convert.ToBase64String(Signer.Sign(Signed)) };
        var back = new RevokeConfirmation("Ошибка", Convert.ToBase64String(Signer.Sign(Statement.OfRevocation(confirmed, "Ошибка"))));
        RevokeConfirmationEndpoint.Decide(confirmed, organisation, false, back, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<ConfirmationRevoked>().Kid
            .ShouldBe(Kid);
        ShouldBeRefused(RevokeConfirmationEndpoint.Decide(confirmed, organisation, false, back with { Reason = "Другое" }, Now), "statement-differs", Kid);
    }

    [Fact]
    public void a_changed_statement_is_refused() =>
        ShouldBeRefused(Confirm(Signer.Sign(Statement.Of(open with { Shifts = [open.Shifts[0] with { Minutes = 480 }] }, 0))), "statement-differs", Kid);

    [Fact]
    public void another_certificate_is_refused_and_so_is_another_key_under_ours()
    {
        var other = Gost.New();
        ShouldBeRefused(Confirm(other.Sign(Signed)), "unknown-key", GostCertificate.KidOf(other.Certificate));
        ShouldBeRefused(Confirm((Signer with { Keys = other.Keys }).Sign(Signed)), "signature-invalid", Kid);
    }

    [Fact]
    public void a_certificate_that_is_revoked_or_outside_its_validity_is_refused()
    {
        ShouldBeRefused(Confirm(Signer.Sign(Signed), organisation.Apply(new KeyRevoked(Kid, Now.AddHours(-1)))), "key-revoked", Kid);
        ShouldBeRefused(Confirm(Signer.Sign(Signed), at: Now.AddDays(-2)), "key-outside-validity", Kid);
        ShouldBeRefused(Confirm(Signer.Sign(Signed), at: Now.AddDays(1)), "key-outside-validity", Kid);
    }

    [Fact]
    public void a_certificate_that_is_over_or_not_for_signing_is_refused_however_long_it_was_registered_for()
    {
        static GostSigner Certified(int from, int until, int? usage = null) =>
            GostSigner.New("CN=АНО «Ёж»", GostSigner.New("CN=УЦ", null, Now.AddYears(-2), Now.AddYears(2)), Now.AddDays(from), Now.AddDays(until), usage);
        foreach (var (signer, reason) in new[]
        {
            (Certified(-9, -1), "key-outside-validity"),
            (Certified(1, 9), "key-outside-validity"),
            // Encipherment of keys alone.
            (Certified(-9, 9, usage: 1 << 5), "signature-invalid"),
        })
        {
            var kid = GostCertificate.KidOf(signer.Certificate);
            ShouldBeRefused(Confirm(signer.Sign(Signed), organisation.Apply(new KeyKnown(kid, "", "", Now.AddDays(-10), null, signer.Base64))), reason, kid);
        }
    }

    [Fact]
    public async Task another_algorithm_in_a_cms_is_refused()
    {
        var portal = PortalCertificates.Issue("АНО «Ёж»", Now).Documents;
        var cms = await CadesSignature.Sign(Signed, portal, ct: TestContext.Current.CancellationToken);
        Confirm(cms).Refusal.ShouldNotBeNull().Extensions["reason"].ShouldBe("algorithm-not-allowed");
    }

    [Fact]
    public void what_is_no_detached_cms_in_its_one_spelling_is_refused()
    {
        var cms = Convert.ToBase64String(Signer.Sign(Signed));
        foreach (var text in new[] { "MIIB", cms + "\n", cms[..76] + "\n" + cms[76..], cms[..^4], Convert.ToBase64String([.. Signer.Sign(Signed), 0]) })
        {
            ShouldBeRefused(Confirm(text), "malformed", null);
        }

        ShouldBeRefused(Confirm(Signer.Sign(Signed, detached: false)), "malformed", Kid);
    }

    [Fact]
    public void a_certificate_signs_no_jws()
    {
        var header = System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{Kid}}"}"""));
        ShouldBeRefused(Confirm($"{header}.{System.Buffers.Text.Base64Url.EncodeToString(Signed)}.{new string('A', 86)}"), "unknown-key", Kid);
    }

    [Fact]
    public void every_changed_byte_of_a_signature_is_refused()
    {
        var cms = Signer.Sign(Signed);
        for (var at = 0; at < cms.Length; at++)
        {
            cms[at] ^= 1;
            Confirm(cms).Refusal.ShouldNotBeNull($"byte {at} was changed and the signature still confirmed");
            cms[at] ^= 1;
        }
    }
}
