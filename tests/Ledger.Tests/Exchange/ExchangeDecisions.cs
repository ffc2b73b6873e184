using System.Net;
using JasperFx.Events;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Exchange.Forms;
using VolunteerBook.Ledger.Exchange.Webhooks;

namespace VolunteerBook.Ledger.Tests.Exchange;

/// <summary>What the exchange decides, without host or database.</summary>
[Trait("Feature", "F40")]
[Trait("Feature", "F43")]
public sealed class ExchangeDecisions
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 5, 20);
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly Guid Organisation = Guid.CreateVersion7();
    private static readonly Purpose Admission = new("admission", new BothLanguages("Поступление", "Admission"));

    private static readonly Agency University = Agency.Create(new AgencySet(
        "agency_education", new BothLanguages("Вуз", "University"), AgencyKind.Education, [Admission], Now)) with
    {
        Id = Agency.IdOf("agency_education"),
    };

    private static GiveGrant AGrant(DateOnly? until = null) => new("agency_education", "admission", GrantDepth.Entries, until ?? Today.AddYears(1));

    private static Grant Given(GrantScope? scope = null, DateOnly? until = null) => Grant.Create(
        new GrantGiven(Volunteer, "agency_education", "admission", scope ?? new GrantScope(GrantDepth.Entries), until ?? Today.AddYears(1), Now)) with
    { Id = Guid.CreateVersion7() };

    [Theory]
    [InlineData("agency education", "malformed-client-id")]
    [InlineData("", "malformed-client-id")]
    public void an_agencys_client_id_is_a_plain_name(string clientId, string code) =>
        SetAgencyEndpoint.Decide(clientId, null, new SetAgency(University.Name, AgencyKind.Education, [Admission]), Now).Refusal.ShouldNotBeNull().Code
            .ShouldBe(code);

    [Fact]
    public void an_agencys_purposes_have_codes_of_their_own()
    {
        var twice = SetAgencyEndpoint.Decide("a", null, new SetAgency(University.Name, AgencyKind.Education, [Admission, Admission]), Now);
        (twice.Refusal.ShouldNotBeNull().Code, twice.Refusal!.Field).ShouldBe(("purpose-twice", "purposes"));
        SetAgencyEndpoint.Decide("a", null, new SetAgency(University.Name, AgencyKind.Education, [Admission with { Code = "Not so" }]), Now).Refusal
            .ShouldNotBeNull().Field.ShouldBe("purposes[0].code");
        SetAgencyEndpoint.Decide("agency_education", University, new SetAgency(University.Name, AgencyKind.Education, [Admission]), Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_grant_names_an_agency_a_purpose_of_its_own_and_an_end_within_five_years()
    {
        GiveGrantEndpoint.Decide(Volunteer, University, null, AGrant(), Now).Events.ShouldHaveSingleItem().ShouldBeOfType<GrantGiven>().Until
            .ShouldBe(Today.AddYears(1));
        Code(GiveGrantEndpoint.Decide(Volunteer, null, null, AGrant(), Now)).ShouldBe("unknown-agency");
        Code(GiveGrantEndpoint.Decide(Volunteer, University, null, AGrant() with { Purpose = "curiosity" }, Now)).ShouldBe("unknown-purpose");
        Code(GiveGrantEndpoint.Decide(Volunteer, University, null, AGrant(Today.AddDays(-1)), Now)).ShouldBe("until-in-the-past");
        Code(GiveGrantEndpoint.Decide(Volunteer, University, null, AGrant(Today.AddYears(5).AddDays(1)), Now)).ShouldBe("until-too-far");
        Code(GiveGrantEndpoint.Decide(Volunteer, University, null, AGrant() with { From = Today, To = Today.AddDays(-1) }, Now)).ShouldBe("period-reversed");
        GiveGrantEndpoint.Decide(Volunteer, University, null, AGrant(Today.AddYears(5)), Now).Refusal.ShouldBeNull();
    }

    [Fact]
    public void one_grant_holds_at_a_time_for_an_agency_and_a_purpose()
    {
        Code(GiveGrantEndpoint.Decide(Volunteer, University, Given(), AGrant(), Now)).ShouldBe("grant-in-force");
        GiveGrantEndpoint.Decide(Volunteer, University, Given(until: Today.AddDays(-1)), AGrant(), Now).Refusal.ShouldBeNull();
        GiveGrantEndpoint.Decide(
            Volunteer, University, Given().Apply(new GrantWithdrawn(Volunteer, "agency_education", "admission", Now)), AGrant(), Now).Refusal.ShouldBeNull();
    }

    [Fact]
    public void a_grant_holds_to_the_end_of_its_last_day_and_not_after_its_withdrawal()
    {
        var grant = Given(until: Today);
        grant.Allows(University, Now).ShouldBeTrue();
        grant.Allows(University, new DateTimeOffset(2026, 5, 20, 23, 59, 59, TimeSpan.Zero)).ShouldBeTrue();
        grant.Allows(University, new DateTimeOffset(2026, 5, 21, 0, 0, 0, TimeSpan.Zero)).ShouldBeFalse();
        grant.Allows(University with { Id = Agency.IdOf("another") }, Now).ShouldBeFalse();
        grant.Allows(University with { Purposes = [] }, Now).ShouldBeFalse();
        var withdrawn = grant.Apply((GrantWithdrawn)WithdrawGrantEndpoint.Decide(grant, Now).Events.Single());
        (withdrawn.Terms, withdrawn.Allows(University, Now)).ShouldBe((2, false));
        WithdrawGrantEndpoint.Decide(withdrawn, Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void an_access_does_not_change_the_terms()
    {
        var read = ReadRecordEndpoint.Decide(Given(), Record(), null, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<DataGiven>();
        (read.Means, read.Entries, read.Minutes).ShouldBe((AccessMeans.Read, 2, 300));
        var grant = Given().Apply(read);
        (grant.Terms, grant.Accesses, grant.LastAccessAt).ShouldBe((1, 1, Now));
    }

    [Fact]
    public void an_entry_that_the_scope_cuts_shows_the_minutes_within_and_no_signature()
    {
        var entry = Confirmed(
            new Shift(new DateTime(2025, 12, 31, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 60),
            new Shift(new DateTime(2026, 1, 1, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 30));
        var facts = new Contracts.Ledger.EntryFacts(Organisation, "Забота рядом", "D12", "RU-MOW", entry.Shifts);
        var signed = new Dictionary<Guid, EntryConfirmed>
        {
            [entry.Id] = new(1, CaseIds.Of(entry.Id, 1), Volunteer, facts, Now, Signature: "cms", Statement: "signed"),
        };
        var cut = BookRecord.Of(Volunteer, new GrantScope(GrantDepth.Entries, From: new DateOnly(2026, 1, 1)), [entry], signed, Now).Entries!.Single();
        (cut.Minutes, cut.CountedMinutes, cut.From, cut.Signature, cut.Statement).ShouldBe((30, 30, new DateOnly(2026, 1, 1), null, null));
        var whole = BookRecord.Of(Volunteer, new GrantScope(GrantDepth.Entries), [entry], signed, Now).Entries!.Single();
        (whole.Signature, whole.Statement).ShouldBe(("cms", "signed"));
        BookRecord.Of(Volunteer, new GrantScope(GrantDepth.Entries, OrganisationId: Guid.CreateVersion7()), [entry], signed, Now).Entries.ShouldBeEmpty();
    }

    [Fact]
    public void the_signature_is_that_of_the_specifications_example()
    {
        var secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        StandardWebhook.Text(secret).ShouldBe("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        StandardWebhook.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}""", [secret])
            .ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    [Fact]
    public void ten_attempts_are_spread_over_more_than_three_days_and_then_it_is_dead()
    {
        var (at, attempts) = (Now, 0);
        Attempt attempt;
        do
        {
            attempt = Attempt.Decide(++attempts, new Answer(500), at, 0);
            at = attempt.NextAt ?? at;
        }
        while (attempt.Status == DeliveryStatus.Pending);

        (attempts, attempt.Status, at - Now).ShouldBe((10, DeliveryStatus.Dead, new TimeSpan(75, 35, 5)));
        Attempt.Decide(1, new Answer(null, "timeout"), Now, 1).NextAt.ShouldBe(Now.AddSeconds(5.5));
        Attempt.Decide(3, new Answer(204), Now, 0).ShouldBe(new Attempt(DeliveryStatus.Delivered, null));
        Attempt.Decide(1, new Answer(302), Now, 0).Status.ShouldBe(DeliveryStatus.Pending);
        Attempt.Decide(1, new Answer(410), Now, 0).ShouldBe(new Attempt(DeliveryStatus.Pending, null));
    }

    [Theory]
    [InlineData("https://agency.example/hook", true, true)]
    [InlineData("http://agency.example/hook", false, false)]
    [InlineData("http://127.0.0.1:5000/hook", true, false)]
    [InlineData("https://127.0.0.1/hook", true, false)]
    [InlineData("https://localhost/hook", true, false)]
    [InlineData("https://10.1.2.3/hook", true, false)]
    [InlineData("https://[fd00::1]/hook", true, false)]
    [InlineData("https://[::ffff:192.168.1.1]/hook", true, false)]
    [InlineData("https://2130706433/hook", true, false)]
    [InlineData("https://user:word@agency.example/", false, false)]
    [InlineData("https://agency.example/#part", false, false)]
    [InlineData("ftp://agency.example/", false, false)]
    [InlineData("/hook", false, false)]
    public void a_webhooks_address_is_https_and_public_but_for_development(string url, bool inDevelopment, bool outside)
    {
        (SetWebhookEndpoint.Decide("a", null, new SetWebhook(url), isDevelopment: true, Now).Refusal is null).ShouldBe(inDevelopment);
        (SetWebhookEndpoint.Decide("a", null, new SetWebhook(url), isDevelopment: false, Now).Refusal is null).ShouldBe(outside);
    }

    [Fact]
    public void a_webhook_set_again_changes_nothing_and_the_first_makes_a_secret()
    {
        var first = SetWebhookEndpoint.Decide("a", null, new SetWebhook("https://agency.example/"), false, Now).Events;
        first.Select(e => e.GetType()).ShouldBe([typeof(WebhookSet), typeof(WebhookSecretMade)]);
        var webhook = Webhook.Create((WebhookSet)first[0]);
        SetWebhookEndpoint.Decide("a", webhook, new SetWebhook("https://agency.example/"), false, Now).Events.ShouldBeEmpty();
        SetWebhookEndpoint.Decide("a", webhook, new SetWebhook("https://agency.example/", NewSecret: true), false, Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<WebhookSecretMade>();
        SetWebhookEndpoint.Decide("a", webhook.Apply(new WebhookDisabled("a", Now)), new SetWebhook("https://agency.example/"), false, Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<WebhookSet>();
        Code(SetWebhookEndpoint.Decide("a", null, new SetWebhook("https://agency.example/", ["entry.lost"]), false, Now)).ShouldBe("unknown-message");
        Code(SetWebhookEndpoint.Decide("a", null, new SetWebhook("https://agency.example/", Form: "poetry"), false, Now)).ShouldBe("unknown-form");
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2a00:1450::1", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd12::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    public void only_addresses_of_the_public_internet_are_called(string address, bool isPublic) =>
        PublicAddresses.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public void an_amendment_out_of_the_scope_looks_revoked_and_one_into_it_confirmed()
    {
        var (inside, outside) = (AShift(2026), AShift(2025));
        var grant = Given(new GrantScope(GrantDepth.Entries, From: new DateOnly(2026, 1, 1)));
        Type(inside, inside).ShouldBe("entry.amended");
        Type(inside, outside).ShouldBe("entry.revoked");
        Type(outside, inside).ShouldBe("entry.confirmed");
        Type(outside, outside).ShouldBeNull();

        string? Type(Shift first, Shift second)
        {
            var before = Confirmed(first);
            var e = new EntryConfirmed(2, CaseIds.Of(before.Id, 2), Volunteer, Facts([second]), Now, Signature: "jws");
            return Message.OfEntry(Event.For(e), before, before.Then(e), grant, null, null)?.Body.Type;
        }
    }

    [Fact]
    public void a_message_has_one_id_however_often_it_is_made_and_another_for_every_grant()
    {
        var entry = Confirmed(AShift(2026));
        var stored = Event.For(new EntryRevoked(1, CaseIds.Of(entry.Id, 1), Volunteer, Now));
        var grant = Given();
        Message Made(Grant of) => Message.OfEntry(stored, entry, entry.Then(stored.Data), of, null, null).ShouldNotBeNull();
        Made(grant).Id.ShouldBe(Made(grant).Id);
        Made(Given()).Id.ShouldNotBe(Made(grant).Id);
        Made(grant).Json.ShouldContain(entry.Id.ToString());
        // Of totals only that they changed.
        Made(Given(new GrantScope(GrantDepth.Totals))).Json.ShouldNotContain(entry.Id.ToString());
    }

    [Fact]
    [Trait("Feature", "F30")]
    public void every_form_maps_the_record_to_the_fields_of_its_body()
    {
        var record = Record();
        Form.All.Select(form => form.Id).ShouldBe(
        [
            "urn:volunteerbook:form:education:1", "urn:volunteerbook:form:employment:2", "urn:volunteerbook:form:taxation:1",
            "urn:volunteerbook:form:social-protection:1", "urn:volunteerbook:form:pension:1",
        ]);
        var education = EducationForm.Of(record);
        (education.Hours, education.From, education.To, education.Organisations!.Single().Entries)
            .ShouldBe((5, new DateOnly(2025, 3, 1), new DateOnly(2026, 3, 1), 2));
        var work = EmploymentForm.Of(record).Experience.ShouldHaveSingleItem();
        (work.CompanyId, work.Position, work.Start, work.End, work.Hours, work.Minutes)
            .ShouldBe((Organisation, "Волонтёр, руководитель группы", "2025-03", "2026-03", 5, 300));
        TaxationForm.Of(record).Work.Select(unpaid => (unpaid.Minutes, unpaid.Income)).ShouldBe([(180, 0m), (120, 0m)]);
        var social = SocialProtectionForm.Of(record);
        (social.Status, social.Hours).ShouldBe(("volunteer", 5));
        social.Years.Select(year => (year.Year, year.Minutes)).ShouldBe([(2026, 120L), (2025, 180L)]);
        var period = PensionForm.Of(record).Periods.ShouldHaveSingleItem();
        (period.Caring, period.From, period.To, period.Minutes).ShouldBe((true, new DateOnly(2025, 3, 1), new DateOnly(2026, 3, 1), 300));
        var empty = BookRecord.Of(Volunteer, new GrantScope(GrantDepth.Entries), [], new Dictionary<Guid, EntryConfirmed>(), Now);
        Form.All.ShouldAllBe(form => form.Map(empty) != null);
        SocialProtectionForm.Of(empty).Status.ShouldBe("none");
    }

    private static string Code(EventSourcing.Decision decision) => decision.Refusal.ShouldNotBeNull().Code;

    private static Shift AShift(int year, int minutes = 60) => new(new DateTime(year, 3, 1, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", minutes);

    private static EntryView Confirmed(params Shift[] shifts) => Confirmed(ResponsibilityLevel.Participant, shifts);

    private static EntryView Confirmed(ResponsibilityLevel level, params Shift[] shifts)
    {
        var facts = Facts(shifts, level);
        var id = Guid.CreateVersion7();
        return Views.Of(
            id, new EntryLogged(Volunteer, EntrySource.Volunteer, facts, "слова", Now), new EntrySubmitted(1, Volunteer, facts, Now),
            new EntryConfirmed(1, CaseIds.Of(id, 1), Volunteer, facts, Now));
    }

    private static Contracts.Ledger.EntryFacts Facts(Shift[] shifts, ResponsibilityLevel level = ResponsibilityLevel.Participant) =>
        new(Organisation, "Забота рядом", "D12", "RU-MOW", shifts, level);

    private static BookRecord Record() => BookRecord.Of(
        Volunteer, new GrantScope(GrantDepth.Entries), [Confirmed(AShift(2025, 180)), Confirmed(ResponsibilityLevel.TeamLead, AShift(2026, 120))],
        new Dictionary<Guid, EntryConfirmed>(), Now);
}
