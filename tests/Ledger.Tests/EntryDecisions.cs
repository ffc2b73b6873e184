using Shouldly;
using VolunteerBook.Contracts.Verification;
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
            EntryStatus.Confirmed => entry.Apply(new EntryConfirmed(1, CaseIds.Of(entry.Id, 1), Volunteer, facts, Now)),
            EntryStatus.Rejected => entry.Apply(new EntryRejected(1, CaseIds.Of(entry.Id, 1), Volunteer, Now)),
            EntryStatus.Returned => entry.Apply(new EntryReturned(1, CaseIds.Of(entry.Id, 1), Volunteer, Now)),
            EntryStatus.Revoked => entry.Apply(new EntryConfirmed(1, CaseIds.Of(entry.Id, 1), Volunteer, facts, Now))
                .Apply(new EntryRevoked(1, CaseIds.Of(entry.Id, 1), Volunteer, Now)),
            _ => entry.Apply(new EntryWithdrawn(1, Volunteer, Organisation, null, Now)),
        };
    }

    private static CorrectEntry ACorrection(int minutes = 180) => new("Забота рядом", "D12", "RU-MOW", [AShift(minutes)], "ошибся в часах", "слова");

    [Fact]
    public void logging_makes_a_draft_with_the_sum_of_its_shifts()
    {
        var decision = LogEntryEndpoint.Decide(Volunteer, ALogEntry(AShift(90), AShift(30, "2026-05-10T10:00:00")), Now);

        var logged = decision.Events.ShouldHaveSingleItem().ShouldBeOfType<EntryLogged>();
        var entry = Views.Of(Guid.CreateVersion7(), logged);
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
    [InlineData("2026-05-20T15:01:01", "Europe/Moscow", "start-in-the-future")]
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

    // It is three o'clock in Moscow.
    [Theory]
    [InlineData("2026-05-20T14:00:00", 60, true)]
    [InlineData("2026-05-20T14:00:00", 61, true)]
    [InlineData("2026-05-20T14:00:00", 62, false)]
    [InlineData("2026-05-20T14:59:30", 1440, false)]
    public void work_is_logged_once_it_is_over_and_a_clock_a_minute_ahead_is_forgiven(string start, int minutes, bool logged)
    {
        var command = ALogEntry(AShift(minutes, start: start)) with { Submit = true };
        var refusal = LogEntryEndpoint.Decide(Volunteer, command, Now).Refusal;
        (refusal?.Code, refusal?.Field).ShouldBe(logged ? (null, null) : ("end-in-the-future", "shifts[0].minutes"));

        // Nor is a draft of it submitted that an earlier version took.
        var draft = Entry.Create(new EntryLogged(Volunteer, EntrySource.Volunteer, command.Facts(), null, Now));
        (SubmitEntryEndpoint.Decide(draft, Now).Refusal?.Code).ShouldBe(logged ? null : "end-in-the-future");
        SubmitEntryEndpoint.Decide(draft, Now).Events.Count.ShouldBe(logged ? 1 : 0);
    }

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

    // What an organisation is to sign, a person has to be able to read.
    [Theory]
    [InlineData("\u200B", "text-missing")]
    [InlineData("\uFEFF\u00AD ", "text-missing")]
    [InlineData("Забота\nрядом", "text-of-lines")]
    [InlineData("\nЗабота рядом", "text-of-lines")]
    [InlineData("Забота рядом\t", "text-of-lines")]
    [InlineData("Смена \u202E42\u202C", "text-with-control-characters")]
    public void what_is_signed_is_a_line_that_can_be_read(string text, string code)
    {
        var paper = new PaperRecord("12", "Штаб");
        foreach (var (field, command) in new Dictionary<string, LogEntry>
        {
            ["project"] = ALogEntry() with { Project = text },
            ["place"] = ALogEntry() with { Place = text },
            ["documents[0].title"] = ALogEntry() with { Documents = [new DocumentReference(text)] },
            ["documents[0].number"] = ALogEntry() with { Documents = [new DocumentReference("Приказ", text)] },
            ["paper.number"] = ALogEntry() with { Paper = paper with { Number = text } },
            ["paper.issuedBy"] = ALogEntry() with { Paper = paper with { IssuedBy = text } },
        })
        {
            var decision = LogEntryEndpoint.Decide(Volunteer, command, Now);
            if (field == "place" && decision.Refusal is null)
            {
                // It may be left out, and blanks at its ends are.
                decision.Events[0].ShouldBeOfType<EntryLogged>().Facts.Place.ShouldBe(code == "text-missing" ? null : "Забота рядом");
            }
            else if (field == "documents[0].number" && code == "text-missing")
            {
                decision.Events[0].ShouldBeOfType<EntryLogged>().Documents![0].Number.ShouldBeNull();
            }
            else
            {
                (decision.Refusal?.Field, decision.Refusal?.Code).ShouldBe((field, code));
            }
        }
    }

    [Fact]
    public void an_old_draft_is_submitted_once_it_can_be_read_and_what_is_confirmed_stands_as_it_is()
    {
        var facts = ALogEntry().Facts() with { Project = "Забота\tрядом", Place = "" };
        var draft = Entry.Create(new EntryLogged(Volunteer, EntrySource.Volunteer, facts, null, Now));
        (SubmitEntryEndpoint.Decide(draft, Now).Refusal?.Field).ShouldBe("project");
        // Mended by no more than a blank at its end, it is another.
        var ended = draft with { Facts = facts with { Project = "Забота рядом\n" } };
        var mended = new CorrectEntry("Забота рядом", facts.TaskType, facts.Region, facts.Shifts, "Без переноса");
        CorrectEntryEndpoint.Decide(ended, mended, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<EntryCorrected>().Facts.Project.ShouldBe("Забота рядом");

        // Only own words change: nobody has to decide on it.
        var confirmed = draft with
        {
            Status = EntryStatus.Confirmed,
            Confirmation = new Confirmation(1, Guid.CreateVersion7(), EvidenceGrade.Signed, "kid", Now),
        };
        var same = new CorrectEntry(facts.Project, facts.TaskType, facts.Region, facts.Shifts, "Дописала", "Помогала на кухне", Place: facts.Place);
        AmendEntryEndpoint.Decide(confirmed, same, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<EntryDescribed>();
        // A form says so of a blank place, and leaves out blanks at the ends.
        AmendEntryEndpoint.Decide(confirmed, same with { Place = null }, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<EntryDescribed>();
        var blanks = confirmed with { Facts = facts with { Project = " Забота рядом", Place = "Парк " } };
        AmendEntryEndpoint.Decide(blanks, same with { Project = "Забота рядом", Place = "Парк" }, Now)
            .Events.ShouldHaveSingleItem().ShouldBeOfType<EntryDescribed>();
        var described = confirmed with { Documents = [new DocumentReference("Приказ", "12")] };
        AmendEntryEndpoint.Decide(described, same with { Description = null, Documents = [new DocumentReference("Приказ", " 12 ")] }, Now)
            .Refusal.ShouldBe(EntryRefusals.NothingToAmend);
        (AmendEntryEndpoint.Decide(confirmed, same with { TaskType = "D13" }, Now).Refusal?.Field).ShouldBe("project");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void an_entry_has_one_to_a_hundred_shifts(int count) =>
        LogEntryEndpoint.Decide(Volunteer, ALogEntry() with { Shifts = [.. Enumerable.Repeat(AShift(), count)] }, Now).Refusal.ShouldNotBeNull().Field
            .ShouldBe("shifts");

    [Theory]
    [InlineData(EntryStatus.Draft, null)]
    [InlineData(EntryStatus.Returned, null)]
    [InlineData(EntryStatus.Revoked, null)]
    [InlineData(EntryStatus.Submitted, "under-decision")]
    [InlineData(EntryStatus.Confirmed, "confirmed-is-not-edited")]
    [InlineData(EntryStatus.Rejected, "entry-closed")]
    [InlineData(EntryStatus.Withdrawn, "entry-closed")]
    public void correcting_depends_on_the_status(EntryStatus status, string? refusedWith) =>
        Outcome(CorrectEntryEndpoint.Decide(AnEntry(status), ACorrection(), Now), typeof(EntryCorrected)).ShouldBe(refusedWith);

    [Theory]
    [InlineData(EntryStatus.Draft, null)]
    [InlineData(EntryStatus.Returned, null)]
    [InlineData(EntryStatus.Revoked, null)]
    [InlineData(EntryStatus.Submitted, "nothing")]
    [InlineData(EntryStatus.Confirmed, "confirmed-is-not-edited")]
    [InlineData(EntryStatus.Rejected, "entry-closed")]
    [InlineData(EntryStatus.Withdrawn, "entry-closed")]
    public void submitting_depends_on_the_status(EntryStatus status, string? refusedWith) =>
        Outcome(SubmitEntryEndpoint.Decide(AnEntry(status), Now), typeof(EntrySubmitted)).ShouldBe(refusedWith);

    [Theory]
    [InlineData(EntryStatus.Draft, null)]
    [InlineData(EntryStatus.Returned, null)]
    [InlineData(EntryStatus.Revoked, null)]
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
        var shown = Views.Of(
            returned.Id,
            new EntryLogged(Volunteer, EntrySource.Volunteer, returned.Facts, "слова", Now),
            new EntrySubmitted(1, Volunteer, returned.Facts, Now));
        shown.CaseId.ShouldBe(CaseIds.Of(returned.Id, 1));
        shown.Then(again).CaseId.ShouldBe(CaseIds.Of(returned.Id, 2));
    }

    [Theory]
    [Trait("Feature", "N10")]
    [InlineData(EntryStatus.Draft, "not-confirmed")]
    [InlineData(EntryStatus.Returned, "not-confirmed")]
    [InlineData(EntryStatus.Submitted, "not-confirmed")]
    [InlineData(EntryStatus.Confirmed, null)]
    [InlineData(EntryStatus.Rejected, "not-confirmed")]
    [InlineData(EntryStatus.Withdrawn, "not-confirmed")]
    [InlineData(EntryStatus.Revoked, "not-confirmed")]
    public void amending_depends_on_the_status(EntryStatus status, string? refusedWith) =>
        Outcome(AmendEntryEndpoint.Decide(AnEntry(status), ACorrection(), Now), typeof(EntryAmended)).ShouldBe(refusedWith);

    [Fact]
    [Trait("Feature", "N10")]
    public void an_amendment_leaves_the_confirmation_standing_until_it_is_decided()
    {
        var confirmed = AnEntry(EntryStatus.Confirmed);
        var amended = confirmed.Apply((EntryAmended)AmendEntryEndpoint.Decide(confirmed, ACorrection(180), Now).Events.Single());

        (amended.Status, amended.Facts.Minutes(), amended.Grade, amended.Revision).ShouldBe((EntryStatus.Confirmed, 240, EvidenceGrade.Signed, 2));
        amended.Amendment.ShouldNotBeNull().Facts.Minutes().ShouldBe(180);
        AmendEntryEndpoint.Decide(amended, ACorrection(120), Now).Refusal.ShouldNotBeNull().Code.ShouldBe("under-decision");

        var declined = amended.Apply((AmendmentDeclined)WhenCaseDecided.Decline(amended, 2, CaseIds.Of(amended.Id, 2), returned: false, Now).Events.Single());
        (declined.Status, declined.Facts.Minutes(), declined.Amendment).ShouldBe((EntryStatus.Confirmed, 240, null));
        var accepted = amended.Apply((EntryConfirmed)WhenCaseDecided.Decide(amended, Confirmation(amended, 2)).Events.Single());
        (accepted.Status, accepted.Facts.Minutes(), accepted.Amendment, accepted.Confirmation!.Revision).ShouldBe((EntryStatus.Confirmed, 180, null, 2));
        var taken = amended.Apply((AmendmentWithdrawn)WithdrawEntryEndpoint.Decide(amended, new WithdrawEntry(), Now).Events.Single());
        (taken.Status, taken.Facts.Minutes(), taken.Amendment).ShouldBe((EntryStatus.Confirmed, 240, null));
    }

    [Fact]
    [Trait("Feature", "N10")]
    public void an_amendment_that_says_the_same_is_refused() =>
        AmendEntryEndpoint.Decide(AnEntry(EntryStatus.Confirmed), ACorrection(240), Now).Refusal.ShouldNotBeNull().Code.ShouldBe("nothing-amended");

    [Fact]
    [Trait("Feature", "F1")]
    [Trait("Feature", "N10")]
    public void own_words_and_documents_of_a_confirmed_entry_change_at_once_and_its_confirmation_stands()
    {
        var confirmed = AnEntry(EntryStatus.Confirmed);
        var command = ACorrection(240) with { Description = "другие слова", Documents = [new DocumentReference("Благодарность", "№ 7")] };

        var described = confirmed.Apply(AmendEntryEndpoint.Decide(confirmed, command, Now).Events.ShouldHaveSingleItem().ShouldBeOfType<EntryDescribed>());

        (described.Description, described.Documents.ShouldHaveSingleItem().Title).ShouldBe(("другие слова", "Благодарность"));
        (described with { Description = confirmed.Description, Documents = confirmed.Documents }).ShouldBe(confirmed);
        AmendEntryEndpoint.Decide(described, command, Now).Refusal.ShouldNotBeNull().Code.ShouldBe("nothing-amended");
        var amended = described.Apply((EntryAmended)AmendEntryEndpoint.Decide(described, ACorrection(180), Now).Events.Single());
        AmendEntryEndpoint.Decide(amended, command, Now).Refusal.ShouldNotBeNull().Code.ShouldBe("under-decision");
    }

    [Fact]
    [Trait("Feature", "N10")]
    public void a_revoked_confirmation_takes_hours_grade_and_points_and_leaves_the_amendment_to_be_decided()
    {
        var confirmed = AnEntry(EntryStatus.Submitted);
        var confirmation = (EntryConfirmed)WhenCaseDecided.Decide(confirmed, Confirmation(confirmed, 1) with { Points = 12 }).Events.Single();
        var shown = Views.Of(
            confirmed.Id, new EntryLogged(Volunteer, EntrySource.Volunteer, confirmed.Facts, "слова", Now),
            new EntrySubmitted(1, Volunteer, confirmed.Facts, Now), confirmation);
        shown.Points.ShouldBe(12);
        confirmed = confirmed.Apply(confirmation);
        var amended = confirmed.Apply((EntryAmended)AmendEntryEndpoint.Decide(confirmed, ACorrection(180), Now).Events.Single());

        WhenCaseDecided.Decide(amended, Revocation(amended, 2)).Events.ShouldBeEmpty();
        var events = WhenCaseDecided.Decide(amended, Revocation(amended, 1)).Events;
        var revoked = amended.Apply((EntryRevoked)events[0]);
        (revoked.Status, revoked.Grade, revoked.Confirmation).ShouldBe((EntryStatus.Revoked, EvidenceGrade.SelfDeclared, null));
        shown.Then(events[0]).Points.ShouldBe(0);
        var waiting = revoked.Apply((EntrySubmitted)events[1]);
        (waiting.Status, waiting.Facts.Minutes(), waiting.Revision, waiting.Amendment).ShouldBe((EntryStatus.Submitted, 180, 2, null));

        // Its words stay as they were promised: read by the organisation, or not.
        ((EntrySubmitted)events[1]).WordsShown.ShouldBeTrue();
        var unseen = amended with { Amendment = amended.Amendment! with { WordsShown = false } };
        ((EntrySubmitted)WhenCaseDecided.Decide(unseen, Revocation(amended, 1)).Events[1]).WordsShown.ShouldBeFalse();

        WhenCaseDecided.Decide(confirmed, Revocation(confirmed, 1)).Events.ShouldHaveSingleItem();
        WhenCaseDecided.Decide(revoked, Revocation(revoked, 1)).Events.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "F15")]
    public void less_may_be_confirmed_than_was_submitted()
    {
        var submitted = AnEntry(EntryStatus.Submitted);
        var confirmation = (EntryConfirmed)WhenCaseDecided.Decide(
            submitted, Confirmation(submitted, 1) with { Facts = submitted.Facts with { Shifts = [AShift(200)] } }).Events.Single();
        submitted.Apply(confirmation).Facts.Minutes().ShouldBe(200);
        confirmation.ClaimedMinutes.ShouldBe(240);
        ((EntryConfirmed)WhenCaseDecided.Decide(submitted, Confirmation(submitted, 1)).Events.Single()).ClaimedMinutes.ShouldBeNull();
        var confirmed = Views.Of(
            submitted.Id, new EntryLogged(Volunteer, EntrySource.Volunteer, submitted.Facts, "слова", Now),
            new EntrySubmitted(1, Volunteer, submitted.Facts, Now), confirmation);
        (confirmed.Minutes, confirmed.ClaimedMinutes).ShouldBe((200, 240));
    }

    [Fact]
    [Trait("Feature", "F41")]
    public void volume_place_level_documents_and_paper_are_checked_by_their_fields()
    {
        var whole = ALogEntry() with
        {
            TaskType = "E12",
            Level = ResponsibilityLevel.TeamLead,
            Place = "Ёлкино, парк № 3",
            Volume = new Volume(40, "trees"),
            Documents = [new DocumentReference("Благодарность", "№ 7", new DateOnly(2026, 5, 10), "https://example.org/7")],
            Paper = new PaperRecord("77-001", "Доброцентр", 3),
        };
        var logged = (EntryLogged)LogEntryEndpoint.Decide(Volunteer, whole, Now).Events.Single();
        logged.Source.ShouldBe(EntrySource.Paper);
        (logged.Facts.Level, logged.Facts.Place, logged.Facts.Volume).ShouldBe((ResponsibilityLevel.TeamLead, "Ёлкино, парк № 3", new Volume(40, "trees")));

        foreach (var (broken, field) in new (LogEntry, string)[]
        {
            (whole with { Volume = new Volume(0, "trees") }, "volume.amount"),
            (whole with { Volume = new Volume(1, "tonnes") }, "volume.unit"),
            (whole with { Volume = new Volume(1, "donations") }, "volume.unit"),
            (whole with { Place = new string('м', 201) }, "place"),
            (whole with { Documents = [new DocumentReference("")] }, "documents[0].title"),
            (whole with { Documents = [new DocumentReference("Письмо", Uri: "http://example.org")] }, "documents[0].uri"),
            (whole with { Documents = [null!] }, "documents[0]"),
            (whole with { Documents = [.. Enumerable.Repeat(new DocumentReference("Письмо"), 21)] }, "documents"),
            (whole with { Paper = new PaperRecord("", "Доброцентр") }, "paper.number"),
            (whole with { Paper = new PaperRecord("1", "Доброцентр", 0) }, "paper.page"),
            (whole with { Shifts = [AShift(60), AShift(60, "2026-05-09T12:30:00", "Asia/Yekaterinburg")] }, "shifts[1]"),
        })
        {
            LogEntryEndpoint.Decide(Volunteer, broken, Now).Refusal.ShouldNotBeNull(field).Field.ShouldBe(field);
        }
    }

    private static CaseConfirmedV1 Confirmation(Entry entry, int revision) => new(CaseIds.Of(entry.Id, revision), entry.Id, revision, Organisation, "kid", Now);

    private static ConfirmationRevokedV1 Revocation(Entry entry, int revision) => new(CaseIds.Of(entry.Id, revision), entry.Id, revision, Organisation, Now);

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
