using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using JasperFx.Events;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;
using Case = VolunteerBook.Verification.Cases.Case;

namespace VolunteerBook.Verification.Tests;

/// <summary>What confirms a statement and what does not (F15), and what may be decided when.</summary>
[Trait("Feature", "F15")]
public sealed class CaseDecisions : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly PointsRule TwelvePoints = new(3, [], []);
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Case open;
    private readonly Organisation organisation;

    public CaseDecisions()
    {
        var facts = new EntryFacts(
            Guid.CreateVersion7(), "Забота рядом", "D12", "RU-MOW",
            [new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 240)]);
        open = Case.Create(new CaseOpened(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), facts, Now)) with { Id = Guid.CreateVersion7() };
        organisation = new Organisation { Id = facts.OrganisationId }.Apply(new KeyKnown("k1", X(key), Y(key), Now.AddDays(-1), Now.AddDays(1)));
    }

    public void Dispose()
    {
        key.Dispose();
        other.Dispose();
    }

    [Fact]
    public void a_key_that_was_revoked_stays_so_when_its_registration_is_heard_of_once_more()
    {
        var again = new KeyKnown("k1", X(key), Y(key), Now.AddDays(-1), Now.AddDays(1));
        var replayed = organisation.Apply(new KeyRevoked("k1", Now)).Apply(again);
        replayed.Keys.ShouldHaveSingleItem().RevokedAt.ShouldBe(Now);
        organisation.Apply(again).Keys.ShouldHaveSingleItem().RevokedAt.ShouldBeNull();
    }

    private static string X(ECDsa key) => Base64Url.EncodeToString(key.ExportParameters(false).Q.X);

    private static string Y(ECDsa key) => Base64Url.EncodeToString(key.ExportParameters(false).Q.Y);

    private static string Sign(ECDsa key, byte[] payload, string header = """{"alg":"ES256","kid":"k1"}""")
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(payload)}";
        return $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private Decision Confirm(string jws, Organisation? by = null, DateTimeOffset? at = null) =>
        ConfirmCaseEndpoint.Decide(open, by ?? organisation, null, new ConfirmCase(jws), at ?? Now);

    private static void ShouldBeRefused(Decision decision, string reason)
    {
        decision.Refusal.ShouldNotBeNull().Status.ShouldBe(422);
        decision.Refusal!.Extensions["reason"].ShouldBe(reason);
        decision.Events.ShouldHaveSingleItem().ShouldBeOfType<SignatureRefused>().Reason.ShouldBe(reason);
    }

    [Fact]
    public void a_signature_over_the_statement_by_the_organisations_key_confirms()
    {
        var confirmed = Confirm(Sign(key, Statement.Of(open, 0))).Events.ShouldHaveSingleItem().ShouldBeOfType<CaseConfirmed>();
        (confirmed.Kid, confirmed.EntryId, confirmed.Revision).ShouldBe(("k1", open.EntryId, 1));
    }

    [Fact]
    public void another_organisations_key_is_refused() =>
        ShouldBeRefused(Confirm(Sign(other, Statement.Of(open, 0), """{"alg":"ES256","kid":"k2"}""")), "unknown-key");

    [Fact]
    public void a_signature_by_another_key_under_our_name_is_refused() =>
        ShouldBeRefused(Confirm(Sign(other, Statement.Of(open, 0))), "signature-invalid");

    [Fact]
    public void a_revoked_key_is_refused() =>
        ShouldBeRefused(Confirm(Sign(key, Statement.Of(open, 0)), organisation.Apply(new KeyRevoked("k1", Now.AddHours(-1)))), "key-revoked");

    [Theory]
    [InlineData(-2)]
    [InlineData(1)]
    [InlineData(400)]
    public void a_key_outside_its_validity_is_refused(int days) =>
        ShouldBeRefused(Confirm(Sign(key, Statement.Of(open, 0)), at: Now.AddDays(days)), "key-outside-validity");

    [Fact]
    public void a_changed_statement_is_refused() =>
        ShouldBeRefused(Confirm(Sign(key, Statement.Of(open with { Shifts = [open.Shifts[0] with { Minutes = 480 }] }, 0))), "statement-differs");

    [Theory]
    [InlineData("""{"alg":"none","kid":"k1"}""", "algorithm-not-allowed")]
    [InlineData("""{"alg":"HS256","kid":"k1"}""", "algorithm-not-allowed")]
    [InlineData("""{"alg":"es256","kid":"k1"}""", "algorithm-not-allowed")]
    [InlineData("""{"kid":"k1"}""", "algorithm-not-allowed")]
    [InlineData("""{"alg":"ES256"}""", "unknown-key")]
    [InlineData("""{"alg":"ES256","kid":"k1","crit":["b64"],"b64":false}""", "malformed")]
    [InlineData("""{"alg":"none","alg":"ES256","kid":"k1"}""", "malformed")]
    [InlineData("""["ES256"]""", "malformed")]
    [InlineData("not json", "malformed")]
    public void a_header_that_asks_for_anything_else_is_refused(string header, string reason) =>
        ShouldBeRefused(Confirm(Sign(key, Statement.Of(open, 0), header)), reason);

    [Fact]
    public void an_unsigned_token_is_refused()
    {
        var unsigned = $"{Base64Url.EncodeToString("""{"alg":"none","kid":"k1"}"""u8)}.{Base64Url.EncodeToString(Statement.Of(open, 0))}.";
        ShouldBeRefused(Confirm(unsigned), "algorithm-not-allowed");
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("..")]
    public void what_is_no_compact_jws_is_refused(string text) => ShouldBeRefused(Confirm(text), "malformed");

    [Fact]
    public void every_changed_character_of_a_signature_is_refused()
    {
        var jws = Sign(key, Statement.Of(open, 0));
        for (var i = 0; i < jws.Length; i++)
        {
            var changed = jws[..i] + (jws[i] == 'A' ? 'B' : 'A') + jws[(i + 1)..];
            Confirm(changed).Refusal.ShouldNotBeNull($"character {i} was changed and the signature still confirmed");
        }
    }

    [Fact]
    public void deciding_twice_is_refused_and_repeating_the_same_confirmation_is_nothing()
    {
        var jws = Sign(key, Statement.Of(open, 0));
        var confirmed = open.Apply(new Event<CaseConfirmed>((CaseConfirmed)Confirm(jws).Events.Single()) { UserName = "coordinator" });

        ConfirmCaseEndpoint.Decide(confirmed, organisation, null, new ConfirmCase(jws), Now).ShouldBe(Decision.Nothing);
        ConfirmCaseEndpoint.Decide(confirmed, organisation, null, new ConfirmCase(Sign(key, Statement.Of(open, 0))), Now).Refusal
            .ShouldBe(CoordinatorsCase.NotOpen);
        RejectCaseEndpoint.Decide(confirmed, new RejectCase("нет"), Now).Refusal.ShouldBe(CoordinatorsCase.NotOpen);
        ReturnCaseEndpoint.Decide(confirmed, new ReturnCase("нет"), Now).Refusal.ShouldBe(CoordinatorsCase.NotOpen);
        confirmed.DecidedBy.ShouldBe("coordinator");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void rejecting_and_returning_need_a_reason(string reason)
    {
        RejectCaseEndpoint.Decide(open, new RejectCase(reason), Now).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");
        ReturnCaseEndpoint.Decide(open, new ReturnCase(reason), Now).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");
    }

    [Fact]
    public void a_coordinator_decides_within_the_period_only()
    {
        var person = Guid.CreateVersion7();
        var appointed = organisation.Apply(new CoordinatorKnown(person, Now, Now.AddDays(1)));

        appointed.IsCoordinator(person, Now.AddTicks(-1)).ShouldBeFalse();
        appointed.IsCoordinator(person, Now).ShouldBeTrue();
        appointed.IsCoordinator(person, Now.AddDays(1)).ShouldBeFalse();
        appointed.Apply(new CoordinatorGone(person)).IsCoordinator(person, Now).ShouldBeFalse();
    }

    [Fact]
    public void the_statement_holds_every_fact_in_canonical_order() =>
        Encoding.UTF8.GetString(Statement.Of(open, 0)).ShouldBe(
            $$"""{"caseId":"{{open.Id}}","entryId":"{{open.EntryId}}","form":"https://volunteerbook.example/statements/confirmation/1","level":"participant","minutes":240,"organisationId":"{{open.OrganisationId}}","project":"Забота рядом","region":"RU-MOW","revision":1,"shifts":[{"minutes":240,"start":"2026-05-09T10:00:00","zone":"Europe/Moscow"}],"taskType":"D12","volunteerId":"{{open.VolunteerId}}"}""");

    [Fact]
    [Trait("Feature", "F12")]
    public void the_statement_holds_level_place_volume_points_and_what_it_supersedes()
    {
        var whole = open with
        {
            Level = ResponsibilityLevel.TeamLead,
            Place = "Ёлкино",
            Volume = new Volume(40, "people"),
            Amends = new StandingConfirmation(1, open.Facts()),
        };
        var statement = Encoding.UTF8.GetString(Statement.Of(whole, 12));
        foreach (var member in new[]
        {
            "\"level\":\"teamLead\"",
            "\"place\":\"Ёлкино\"",
            "\"volume\":{\"amount\":40,\"unit\":\"people\"}",
            "\"points\":12",
            "\"supersedes\":1",
        })
        {
            statement.ShouldContain(member);
        }

        // Points are signed: the same signature does not give others.
        ConfirmCaseEndpoint.Decide(open, organisation, TwelvePoints, new ConfirmCase(Sign(key, Statement.Of(open, 12))), Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<CaseConfirmed>().Points.ShouldBe(12);
        ShouldBeRefused(
            ConfirmCaseEndpoint.Decide(open, organisation, TwelvePoints, new ConfirmCase(Sign(key, Statement.Of(open, 13))), Now), "statement-differs");
    }

    [Fact]
    [Trait("Feature", "N10")]
    public void a_confirmation_is_revoked_by_a_signature_with_a_reason_and_once()
    {
        var confirmed = open.Apply(
            new Event<CaseConfirmed>((CaseConfirmed)Confirm(Sign(key, Statement.Of(open, 0))).Events.Single()) { UserName = "coordinator" });
        RevokeConfirmation Revocation(string reason = "ошибка", string? signed = null) =>
            new(reason, Sign(key, Statement.OfRevocation(confirmed, signed ?? reason)));
        Decision Revoke(RevokeConfirmation command, Case? of = null, bool superseded = false, Organisation? by = null) =>
            RevokeConfirmationEndpoint.Decide(of ?? confirmed, by ?? organisation, superseded, command, Now);

        var command = Revocation();
        var revoked = Revoke(command).Events.ShouldHaveSingleItem().ShouldBeOfType<ConfirmationRevoked>();
        revoked.Reason.ShouldBe("ошибка");
        ShouldBeRefused(Revoke(Revocation(signed: "другая причина")), "statement-differs");
        ShouldBeRefused(Revoke(new RevokeConfirmation("ошибка", Sign(other, Statement.OfRevocation(confirmed, "ошибка")))), "signature-invalid");
        ShouldBeRefused(Revoke(Revocation(), by: organisation.Apply(new KeyRevoked("k1", Now))), "key-revoked");
        // The confirmation itself does not revoke.
        ShouldBeRefused(Revoke(new RevokeConfirmation("ошибка", confirmed.Signature!)), "statement-differs");
        Revoke(Revocation(""), superseded: false).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");
        Revoke(command, superseded: true).Refusal.ShouldNotBeNull().Code.ShouldBe("confirmation-superseded");
        Revoke(command, open).Refusal.ShouldNotBeNull().Code.ShouldBe("case-not-confirmed");

        var after = confirmed.Apply(new Event<ConfirmationRevoked>(revoked) { UserName = "coordinator" });
        (after.Status, after.Signature, after.Revocation!.By).ShouldBe((CaseStatus.Revoked, confirmed.Signature, "coordinator"));
        Revoke(command, after).ShouldBe(Decision.Nothing);
        Revoke(Revocation("другая"), after).Refusal.ShouldNotBeNull().Code.ShouldBe("case-not-confirmed");
    }

    [Theory]
    [Trait("Feature", "F1")]
    [InlineData("Забота рядом", ResponsibilityLevel.Participant, 240, 16)]
    [InlineData("Другой", ResponsibilityLevel.Participant, 240, 8)]
    [InlineData("Другой", ResponsibilityLevel.TeamLead, 240, 12)]
    [InlineData("Забота рядом", ResponsibilityLevel.TeamLead, 240, 16)]
    [InlineData("Другой", ResponsibilityLevel.Participant, 59, 1)]
    [InlineData("Другой", ResponsibilityLevel.Participant, 29, 0)]
    [InlineData("Другой", ResponsibilityLevel.Expert, 1440, 20)]
    [InlineData("ЗАБОТА  «рядом»", ResponsibilityLevel.TeamLead, 240, 16)]
    public void points_follow_the_programmes_rule_then_the_levels_then_the_general_one(string project, ResponsibilityLevel level, int minutes, int points)
    {
        var rule = new PointsRule(2, [new LevelPoints(ResponsibilityLevel.TeamLead, 3)], [new ProgrammePoints("Забота рядом", 4)], 20);
        rule.Check().ShouldBeNull();
        rule.PointsFor(open.Facts() with { Project = project, Level = level, Shifts = [open.Shifts[0] with { Minutes = minutes }] }).ShouldBe(points);
    }

    [Fact]
    public void broken_rules_for_points_are_named_by_their_fields()
    {
        var rule = new PointsRule(2, [], []);
        foreach (var (broken, field) in new (PointsRule, string)[]
        {
            (rule with { PerHour = -1 }, "points.perHour"),
            (rule with { PerHour = 1001 }, "points.perHour"),
            (rule with { MostPerEntry = -1 }, "points.mostPerEntry"),
            (rule with { Levels = [new LevelPoints(ResponsibilityLevel.Expert, -1)] }, "points.levels[0].perHour"),
            (rule with { Levels = [new LevelPoints(ResponsibilityLevel.Expert, 1), new LevelPoints(ResponsibilityLevel.Expert, 2)] }, "points.levels"),
            (rule with { Programmes = [new ProgrammePoints("", 1)] }, "points.programmes[0].project"),
            (rule with { Programmes = [new ProgrammePoints("П", 1), new ProgrammePoints("П", 2)] }, "points.programmes"),
            (rule with { Programmes = [new ProgrammePoints("Тёплый дом", 1), new ProgrammePoints("«Теплый дом»", 2)] }, "points.programmes"),
        })
        {
            SetConfirmationRulesEndpoint.Decide(Guid.NewGuid(), null, new SetConfirmationRules(broken), Now).Refusal.ShouldNotBeNull(field).Field
                .ShouldBe(field);
        }

        SetConfirmationRulesEndpoint.Decide(Guid.NewGuid(), null, new SetConfirmationRules(rule), Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<ConfirmationRulesSet>();
    }

    private static Shift Part(string start, int minutes) =>
        new(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), "Europe/Moscow", minutes);

    [Fact]
    public void less_than_was_submitted_is_confirmed_with_a_reason_and_signed_as_such()
    {
        Shift[] part = [Part("2026-05-09T10:00", 60), Part("2026-05-09T12:00", 60)];
        var less = open.Facts() with { Shifts = part };
        var signature = Sign(key, Statement.Of(open, less, 6));
        var confirmed = ConfirmCaseEndpoint.Decide(open, organisation, TwelvePoints, new ConfirmCase(signature, part, "По журналу"), Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<CaseConfirmed>();
        (confirmed.Facts, confirmed.Points, confirmed.Reason).ShouldBe((less, 6, "По журналу"));
        ShouldBeRefused(
            ConfirmCaseEndpoint.Decide(open, organisation, TwelvePoints, new ConfirmCase(Sign(key, Statement.Of(open, 12)), part, "По журналу"), Now),
            "statement-differs");
        ShouldBeRefused(ConfirmCaseEndpoint.Decide(open, organisation, TwelvePoints, new ConfirmCase(signature), Now), "statement-differs");
        ConfirmCaseEndpoint.Decide(open, organisation, null, new ConfirmCase(signature, part), Now).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");
    }

    [Theory]
    [InlineData("2026-05-09T10:00", 240, "not-less")]
    [InlineData("2026-05-09T09:59", 60, "not-submitted")]
    [InlineData("2026-05-09T13:30", 60, "not-submitted")]
    [InlineData("2026-05-10T10:00", 60, "not-submitted")]
    [InlineData("2026-05-09T10:00", 0, "minutes-out-of-range")]
    [InlineData("2026-05-09T10:00", 239, null)]
    public void nothing_but_less_can_be_confirmed_in_part(string start, int minutes, string? code) =>
        (PartialConfirmation.Check(open, [Part(start, minutes)])?.Code).ShouldBe(code);

    [Fact]
    public void what_is_confirmed_in_part_stays_in_the_zone_in_which_it_was_submitted()
    {
        var elsewhere = new Shift(new DateTime(2026, 5, 9, 21, 0, 0, DateTimeKind.Unspecified), "Pacific/Kiritimati", 60);
        elsewhere.UtcMinutes().ShouldBe(Part("2026-05-09T10:00", 60).UtcMinutes());
        PartialConfirmation.Check(open, [elsewhere])!.Code.ShouldBe("not-submitted");
    }

    [Fact]
    public void no_minute_is_confirmed_twice_in_part()
    {
        PartialConfirmation.Check(open, [])!.Code.ShouldBe("shifts-out-of-range");
        PartialConfirmation.Check(open, [Part("2026-05-09T10:00", 90), Part("2026-05-09T11:00", 90)])!.Code.ShouldBe("shifts-overlap");
        PartialConfirmation.Check(open, [Part("2026-05-09T10:00", 60), Part("2026-05-09T11:00", 90)]).ShouldBeNull();
    }

    [Fact]
    public void the_volunteer_accepts_less_or_disputes_it_once_and_the_administrator_settles()
    {
        var less = open with { Status = CaseStatus.Confirmed, ConfirmedInPart = open.Facts() with { Shifts = [Part("2026-05-09T10:00", 60)] } };
        var accepted = less.Apply(AcceptPartEndpoint.Decide(less, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<PartAccepted>());
        AcceptPartEndpoint.Decide(accepted, Now).ShouldBe(Decision.Nothing);
        DisputeCaseEndpoint.Decide(accepted, new DisputeCase("нет"), Now).Refusal.ShouldNotBeNull().Code.ShouldBe("nothing-to-dispute");
        AcceptPartEndpoint.Decide(open, Now).Refusal.ShouldNotBeNull().Code.ShouldBe("nothing-to-accept");

        var disputed = less.Apply(
            new Event<CaseDisputed>((CaseDisputed)DisputeCaseEndpoint.Decide(less, new DisputeCase("Я была до двух"), Now).Events.Single()));
        (disputed.InDispute, disputed.CanBeDisputed, disputed.WaitsForAcceptance).ShouldBe((true, false, false));
        DisputeCaseEndpoint.Decide(disputed, new DisputeCase("Ещё раз"), Now).Refusal.ShouldNotBeNull().Code.ShouldBe("nothing-to-dispute");
        AnswerDisputeEndpoint.Decide(disputed, DisputeSide.Organisation, new AnswerDispute(""), Now).Refusal.ShouldNotBeNull().Field.ShouldBe("text");
        AnswerDisputeEndpoint.Decide(less, DisputeSide.Organisation, new AnswerDispute("Да"), Now).Refusal.ShouldBe(PartyToCase.NotDisputed);

        SettleDisputeEndpoint.Decide(disputed, null, new SettleDispute(DisputeOutcome.Stands, "Журнал верен", [Part("2026-05-09T10:00", 60)]), Now).Refusal
            .ShouldNotBeNull().Field.ShouldBe("shifts");
        var stands = disputed.Apply(new Event<DisputeSettled>(
            (DisputeSettled)SettleDisputeEndpoint.Decide(disputed, null, new SettleDispute(DisputeOutcome.Stands, "Журнал верен"), Now).Events.Single()));
        (stands.Status, stands.InDispute, stands.Dispute!.Settlement!.Facts).ShouldBe((CaseStatus.Confirmed, false, null));
        var settled = (DisputeSettled)SettleDisputeEndpoint.Decide(
            disputed, TwelvePoints, new SettleDispute(DisputeOutcome.Confirmed, "Бригадир подтвердил"), Now).Events.Single();
        (settled.Facts, settled.Points).ShouldBe((open.Facts(), 12));
        SettleDisputeEndpoint.Decide(stands, null, new SettleDispute(DisputeOutcome.Confirmed, "Ещё раз"), Now).Refusal.ShouldBe(PartyToCase.NotDisputed);
    }

    [Fact]
    public void what_the_organisation_decided_is_told_after_a_withdrawal_whatever_else_became_of_it()
    {
        var part = open.Facts() with { Shifts = [Part("2026-05-09T10:00", 60)] };
        var confirmed = open with
        {
            Status = CaseStatus.Confirmed,
            DecidedAt = Now,
            DecidedBy = "pavel",
            Kid = "k1",
            Signature = "a.b.c",
            ConfirmedInPart = part,
            Reason = "Ушла раньше",
        };
        var decided = new OvertakenDecision(CaseStatus.Confirmed, "pavel", Now, "Ушла раньше", "k1", "a.b.c", null, null, part);
        Overtaken(confirmed).ShouldBe(decided);
        Overtaken(confirmed with { Status = CaseStatus.Revoked, Revocation = new Revocation("olga", Now, "Ошибка", "k2", "d.e.f") }).ShouldBe(decided);
        Overtaken(confirmed with { Status = CaseStatus.Settled }).ShouldBe(decided);
        var rejected = open with { Status = CaseStatus.Rejected, DecidedAt = Now, DecidedBy = "pavel", Reason = "Не была" };
        Overtaken(rejected)!.Status.ShouldBe(CaseStatus.Rejected);
        Overtaken(rejected with { Status = CaseStatus.Settled })!.Status.ShouldBe(CaseStatus.Rejected);
        Overtaken(open).ShouldBeNull();

        static OvertakenDecision? Overtaken(Case found)
        {
            var withdrawn = found.Apply(new CaseCancelled(Now));
            (withdrawn.Status, withdrawn.Signature, withdrawn.Points, withdrawn.ConfirmedInPart).ShouldBe((CaseStatus.Cancelled, null, 0, null));
            return withdrawn.Overtaken;
        }
    }

    [Fact]
    public void nobody_evidences_their_own_hours_nor_does_who_is_nobodys_deputy_but_theirs()
    {
        var (volunteer, colleague, deputy) = (open.VolunteerId, Guid.CreateVersion7(), Guid.CreateVersion7());
        var known = organisation.Apply(new CoordinatorKnown(volunteer, Now.AddDays(-9), null)).Apply(new CoordinatorKnown(colleague, Now.AddDays(-9), null))
            .Apply(new QueueDelegated(organisation.Id, Guid.CreateVersion7(), volunteer, deputy, Now.AddDays(-1), Now.AddDays(1), null, Now));
        known.MayEvidence(volunteer, volunteer, Now).ShouldBeFalse();
        known.MayEvidence(volunteer, colleague, Now).ShouldBeTrue();
        known.MayEvidence(volunteer, deputy, Now).ShouldBeFalse();
        known.MayEvidence(colleague, deputy, Now).ShouldBeTrue();
        known.MayEvidence(colleague, Guid.CreateVersion7(), Now).ShouldBeFalse();
        known.Apply(new QueueDelegated(organisation.Id, Guid.CreateVersion7(), colleague, deputy, Now.AddDays(-1), Now.AddDays(1), null, Now))
            .MayEvidence(volunteer, deputy, Now).ShouldBeTrue();
    }

    // The work ended at 11:00 UTC.
    [Theory]
    [InlineData("2026-05-09T10:58:59Z", false)]
    [InlineData("2026-05-09T10:59:00Z", true)]
    [InlineData("2026-05-09T11:00:00Z", true)]
    public void work_is_confirmed_in_no_way_before_it_is_over_and_a_clock_a_minute_ahead_is_forgiven(string at, bool confirmed)
    {
        var now = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var signing = new Organisation { Id = organisation.Id }.Apply(new KeyKnown("k1", X(key), Y(key), now.AddDays(-1), now.AddDays(1)));
        var disputed = open with
        {
            Shifts = [open.Shifts[0] with { Minutes = 240 }],
            Status = CaseStatus.Rejected,
            InDispute = true,
            Dispute = new Dispute(now, [], null),
        };
        var inquiry = Inquiries.Inquiry.Create(new Inquiries.InquiryMade(open.Id, open.OrganisationId, now.AddDays(1), now));
        var decisions = new Dictionary<string, Decision>
        {
            ["signature"] = ConfirmCaseEndpoint.Decide(open, signing, null, new ConfirmCase(Sign(key, Statement.Of(open, 0))), now),
            ["inquiry"] = Inquiries.AnswerInquiryEndpoint.Decide(inquiry, open, 0, new Inquiries.AnswerInquiry(true), now),
            ["settlement"] = SettleDisputeEndpoint.Decide(disputed, null, new SettleDispute(DisputeOutcome.Confirmed, "Так"), now),
        };
        foreach (var (way, decision) in decisions)
        {
            (decision.Refusal?.Code).ShouldBe(confirmed ? null : "work-not-over", way);
            decision.Events.Any().ShouldBe(confirmed, way);
        }
    }
}
