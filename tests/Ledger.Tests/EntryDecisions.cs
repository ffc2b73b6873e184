using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Tests;

/// <summary>What may be done with an entry in each of its states: given an entry, when a command, then events or a refusal.</summary>
[Trait("Feature", "F7")]
public sealed class EntryDecisions
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly Guid Organisation = Guid.CreateVersion7();

    public static Shift AShift(int minutes = 240, string start = "2026-05-09T10:00:00", string zone = "Europe/Moscow") =>
        new(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), zone, minutes);

    private static LogEntry ALogEntry(params Shift[] shifts) => new(Organisation, "Забота рядом", "D12", "RU-MOW", shifts.Length == 0 ? [AShift()] : shifts);

    private static Entry AnEntry(EntryStatus status)
    {
        var facts = ALogEntry().Facts();
        var entry = Entry.Create(new EntryLogged(Volunteer, EntrySource.Volunteer, facts, "слова", Now)) with { Id = Guid.CreateVersion7() };
        if (status == EntryStatus.Draft)
        {
            return entry;
        }

        entry = entry.Apply(new EntrySubmitted(1, Volunteer, facts, Now));
        return status switch
        {
            EntryStatus.Submitted => entry,
            EntryStatus.Confirmed => entry.Apply(new EntryConfirmed(1, entry.CaseId!.Value, Volunteer, facts, Now)),
            EntryStatus.Rejected => entry.Apply(new EntryRejected(1, entry.CaseId!.Value, Volunteer, Now)),
            EntryStatus.Returned => entry.Apply(new EntryReturned(1, entry.CaseId!.Value, Volunteer, Now)),
            _ => entry.Apply(new EntryWithdrawn(1, Volunteer, Organisation, null, Now)),
        };
    }

    private static CorrectEntry ACorrection(int minutes = 180) => new("Забота рядом", "D12", "RU-MOW", [AShift(minutes)], "ошибся в часах", "слова");

    [Fact]
    public void logging_makes_a_draft_with_the_sum_of_its_shifts()
    {
        var decision = LogEntryEndpoint.Decide(Volunteer, ALogEntry(AShift(90), AShift(30, "2026-05-10T10:00:00")), Now);

        var logged = decision.Events.ShouldHaveSingleItem().ShouldBeOfType<EntryLogged>();
        var entry = Entry.Create(logged);
        entry.Minutes.ShouldBe(120);
        entry.Status.ShouldBe(EntryStatus.Draft);
        entry.FirstStart.ShouldBe(new DateTimeOffset(2026, 5, 9, 7, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void logging_with_submit_asks_the_organisation_at_once() =>
        LogEntryEndpoint.Decide(Volunteer, ALogEntry() with { Submit = true }, Now).Events.Select(e => e.GetType())
            .ShouldBe([typeof(EntryLogged), typeof(EntrySubmitted)]);

    [Theory]
    [InlineData(0, "minutes-out-of-range")]
    [InlineData(-60, "minutes-out-of-range")]
    [InlineData(25 * 60, "minutes-out-of-range")]
    [InlineData(int.MinValue, "minutes-out-of-range")]
    public void a_shift_of_impossible_length_is_refused_by_its_field(int minutes, string code)
    {
        var refusal = LogEntryEndpoint.Decide(Volunteer, ALogEntry(AShift(), AShift(minutes)), Now).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Status, refusal.Field).ShouldBe((code, 400, "shifts[1].minutes"));
    }

    [Theory]
    [InlineData("2026-05-20T15:00:01", "Europe/Moscow", "start-in-the-future")]
    [InlineData("2026-05-20T15:00:00", "Europe/Kaliningrad", "start-in-the-future")]
    [InlineData("0001-01-01T00:00:00", "Europe/Moscow", "start-out-of-range")]
    [InlineData("2025-03-30T02:30:00", "Europe/Berlin", "start-does-not-exist")]
    [InlineData("2026-05-09T10:00:00Z", "Europe/Moscow", "start-not-local")]
    public void a_start_that_cannot_be_is_refused_by_its_field(string start, string zone, string code)
    {
        var shift = AShift() with { Start = DateTime.Parse(start, null, System.Globalization.DateTimeStyles.RoundtripKind), Zone = zone };
        var refusal = LogEntryEndpoint.Decide(Volunteer, ALogEntry(shift), Now).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field).ShouldBe((code, "shifts[0].start"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Moscow")]
    [InlineData("Russian Standard Time")]
    [InlineData("../../etc/passwd")]
    public void an_unknown_zone_is_refused(string zone) =>
        LogEntryEndpoint.Decide(Volunteer, ALogEntry(AShift(zone: zone)), Now).Refusal.ShouldNotBeNull().Field.ShouldBe("shifts[0].zone");

    [Fact]
    public void a_shift_that_has_begun_this_minute_may_be_logged() =>
        LogEntryEndpoint.Decide(Volunteer, ALogEntry(AShift(start: "2026-05-20T15:00:00")), Now).Refusal.ShouldBeNull();

    [Fact]
    public void a_shift_that_is_not_there_is_refused_by_its_field() =>
        LogEntryEndpoint.Decide(Volunteer, ALogEntry() with { Shifts = [AShift(), null!] }, Now).Refusal.ShouldNotBeNull().Field.ShouldBe("shifts[1]");

    [Fact]
    public void every_broken_rule_is_named_at_once()
    {
        var broken = new LogEntry(Guid.Empty, " ", "Z99", "XX", [AShift(0)], new string('ы', 5000));

        var problem = LogEntryEndpoint.Decide(Volunteer, broken, Now).Refusal.ShouldNotBeNull().ToProblemDetails();

        var fields = problem.Extensions["errors"].ShouldBeOfType<Dictionary<string, string[]>>().Keys;
        fields.ShouldBe(["organisationId", "project", "taskType", "region", "description", "shifts[0].minutes"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void an_entry_has_one_to_a_hundred_shifts(int count) =>
        LogEntryEndpoint.Decide(Volunteer, ALogEntry() with { Shifts = [.. Enumerable.Repeat(AShift(), count)] }, Now).Refusal.ShouldNotBeNull().Field.ShouldBe("shifts");

    [Theory]
    [InlineData(EntryStatus.Draft, null)]
    [InlineData(EntryStatus.Returned, null)]
    [InlineData(EntryStatus.Submitted, "under-decision")]
    [InlineData(EntryStatus.Confirmed, "confirmed-is-not-edited")]
    [InlineData(EntryStatus.Rejected, "entry-closed")]
    [InlineData(EntryStatus.Withdrawn, "entry-closed")]
    public void correcting_depends_on_the_status(EntryStatus status, string? refusedWith) =>
        Outcome(CorrectEntryEndpoint.Decide(AnEntry(status), ACorrection(), Now), typeof(EntryCorrected)).ShouldBe(refusedWith);

    [Theory]
    [InlineData(EntryStatus.Draft, null)]
    [InlineData(EntryStatus.Returned, null)]
    [InlineData(EntryStatus.Submitted, "nothing")]
    [InlineData(EntryStatus.Confirmed, "confirmed-is-not-edited")]
    [InlineData(EntryStatus.Rejected, "entry-closed")]
    [InlineData(EntryStatus.Withdrawn, "entry-closed")]
    public void submitting_depends_on_the_status(EntryStatus status, string? refusedWith) =>
        Outcome(SubmitEntryEndpoint.Decide(AnEntry(status), Now), typeof(EntrySubmitted)).ShouldBe(refusedWith);

    [Theory]
    [InlineData(EntryStatus.Draft, null)]
    [InlineData(EntryStatus.Returned, null)]
    [InlineData(EntryStatus.Submitted, null)]
    [InlineData(EntryStatus.Confirmed, "confirmed-is-not-edited")]
    [InlineData(EntryStatus.Rejected, "entry-closed")]
    [InlineData(EntryStatus.Withdrawn, "nothing")]
    public void withdrawing_depends_on_the_status(EntryStatus status, string? refusedWith) =>
        Outcome(WithdrawEntryEndpoint.Decide(AnEntry(status), new WithdrawEntry(), Now), typeof(EntryWithdrawn)).ShouldBe(refusedWith);

    [Fact]
    public void only_a_withdrawal_under_decision_names_the_submission_that_nobody_need_decide()
    {
        Withdrawn(EntryStatus.Submitted).Revision.ShouldBe(1);
        Withdrawn(EntryStatus.Draft).Revision.ShouldBe(0);
        Withdrawn(EntryStatus.Returned).Revision.ShouldBe(0);

        static EntryWithdrawn Withdrawn(EntryStatus status) =>
            (EntryWithdrawn)WithdrawEntryEndpoint.Decide(AnEntry(status), new WithdrawEntry("передумал"), Now).Events.Single();
    }

    [Fact]
    public void a_correction_that_changes_nothing_appends_nothing() =>
        CorrectEntryEndpoint.Decide(AnEntry(EntryStatus.Draft), ACorrection(240), Now).ShouldBe(Decision.Nothing);

    [Fact]
    public void a_correction_needs_a_reason() =>
        CorrectEntryEndpoint.Decide(AnEntry(EntryStatus.Draft), ACorrection() with { Reason = "" }, Now).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");

    [Fact]
    public void a_second_submission_has_a_case_of_its_own()
    {
        var returned = AnEntry(EntryStatus.Returned);
        var again = (EntrySubmitted)SubmitEntryEndpoint.Decide(returned, Now).Events.Single();

        again.Revision.ShouldBe(2);
        returned.Apply(again).CaseId.ShouldNotBe(returned.CaseId);
        returned.Apply(again).CaseId.ShouldBe(CaseIds.Of(returned.Id, 2));
    }

    private static string? Outcome(Decision decision, Type appended)
    {
        if (decision.Refusal is { } refusal)
        {
            decision.Events.ShouldBeEmpty();
            return refusal.Code;
        }

        if (decision.Events.Count == 0)
        {
            return "nothing";
        }

        decision.Events.ShouldHaveSingleItem().ShouldBeOfType(appended);
        return null;
    }
}
