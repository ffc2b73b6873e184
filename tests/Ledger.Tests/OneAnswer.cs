using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Exchange.Forms;
using VolunteerBook.Ledger.Extracts;

namespace VolunteerBook.Ledger.Tests;

/// <summary>
/// Random books whose shifts overlap, in zones far apart and at the borders of periods, counted minute by minute beside the code: every answer to one question
/// is the same, and parts add up to their whole.
/// </summary>
[Trait("Feature", "N7")]
[Trait("Feature", "F30")]
public sealed class OneAnswer
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly Guid[] Organisations = [Guid.CreateVersion7(), Guid.CreateVersion7()];
    private static readonly string[] Zones =
    [
        "Europe/Moscow", "Asia/Kamchatka", "America/New_York", "Europe/Berlin", "Pacific/Kiritimati", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Dublin",
        "Antarctica/Troll", "Pacific/Apia", "America/Sao_Paulo", "America/Godthab",
    ];

    // Around the turn of a year, the end of a month, and the nights on which clocks moved: by half an hour, by two hours, over midnight,
    // over the date line (Apia), and by decree.
    private static readonly DateTime[] Crowded =
    [
        new(2025, 12, 31), new(2026, 1, 1), new(2026, 2, 28), new(2025, 10, 26), new(2025, 3, 30), new(2024, 12, 31), new(2024, 2, 29), new(2025, 4, 6),
        new(2025, 10, 5), new(2011, 12, 30), new(2018, 11, 4),
        new(2018, 2, 18), new(2014, 10, 26), new(1994, 12, 31),
    ];

    private static readonly Gen<Shift> AShift =
        from day in Gen.OneOf(Crowded)
        from minute in Gen.Int[-1440, 2880]
        from zone in Gen.OneOf(Zones)
        from minutes in Gen.Frequency((6, Gen.Int[1, 300]), (1, Gen.Int[1, Shift.MostMinutes]))
        from later in Gen.Bool
        let once = new Shift(day.AddMinutes(minute), zone, minutes)
        let shift = later && !(once with { Later = true }).BrokenRules().Any() ? once with { Later = true } : once
        where !shift.BrokenRules().Any()
        select shift;

    private static readonly Gen<EntryView> AnEntry =
        from shifts in AShift.Array[1, 4]
        from end in Gen.Int[0, 3]
        from points in Gen.Int[0, 50]
        from organisation in Gen.OneOf(Organisations)
        from project in Gen.OneOf("Забота рядом", "ЗАБОТА «РЯДОМ»", "Чистый берег")
        from id in Gen.Guid
        select Made(id, new EntryFacts(organisation, project, "D12", "RU-MOW", Apart(shifts)), end, points);

    private static readonly Gen<EntryView[]> ABook = AnEntry.Array[1, 9].Where(book => book.DistinctBy(entry => entry.Id).Count() == book.Length);

    private static readonly Gen<Period> APeriod =
        from day in Gen.OneOf(Crowded)
        from shift in Gen.Int[-2, 2]
        from days in Gen.Int[0, 400]
        from open in Gen.Int[0, 5]
        let first = DateOnly.FromDateTime(day).AddDays(shift)
        select new Period(open is 0 or 2 ? null : first, open is 1 or 2 ? null : first.AddDays(days));

    [Fact]
    public void book_as_of_extract_record_and_every_form_say_the_same_minutes_and_points_of_any_period() => Gen.Select(ABook, APeriod).Sample(
        (book, period) =>
        {
            var minutes = Minutes(book).Where(minute => Within(minute.Day, period)).ToList();
            var confirmed = minutes.Where(minute => minute.Entry.Status == EntryStatus.Confirmed).ToList();

            var asOf = BookTotals.Of(Counted.InPeriod(book, period));
            asOf.Minutes.ShouldBe(minutes.Count);
            (asOf.Grades.Signed + asOf.Grades.Confirmed).ShouldBe(confirmed.Count);
            asOf.Points.ShouldBe(minutes.Sum(minute => minute.Points));
            asOf.ByYear.OrderBy(year => year.Key).Where(year => year.Minutes > 0).Select(year => (year.Key, year.Minutes))
                .ShouldBe(minutes.GroupBy(minute => minute.Day.Year)
                    .OrderBy(year => year.Key).Select(year => (year.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), (long)year.Count())));
            foreach (var lines in new[] { asOf.ByYear, asOf.ByOrganisation, asOf.ByTaskType })
            {
                lines.Sum(line => line.Minutes).ShouldBe(asOf.Minutes);
            }

            // As the live book reads it: columns of all entries, shifts only of those that have to be looked at.
            List<BookLine> columns = [.. book.Select(BookLine.Of)];
            var near = BookLine.ToLookAt(columns, period).ToHashSet();
            var live = BookTotals.Of(Counted.Of(columns, book.Where(entry => near.Contains(entry.Id)).Select(entry => entry.Work()), period));
            Written(live).ShouldBe(Written(asOf));
            var looked = BookTotals.Of(Counted.Of(columns, book.Select(entry => entry.Work()), period));
            Written(looked).ShouldBe(Written(asOf));

            foreach (var organisation in new Guid?[] { null, Organisations[0] })
            {
                var own = confirmed.Where(minute => (organisation ?? minute.Entry.OrganisationId) == minute.Entry.OrganisationId).ToList();
                var paper = Extracts.Written.InScope(book, new ExtractScope(period.From, period.To, organisation));
                paper.ShouldAllBe(entry => entry.IsConfirmed);
                paper.Sum(entry => entry.Counted.Minutes).ShouldBe(own.Count);
                paper.Sum(entry => entry.Counted.Points).ShouldBe(own.Sum(minute => minute.Points));

                var record = BookRecord.Of(
                    Volunteer, new GrantScope(GrantDepth.Entries, period.From, period.To, organisation), book, new Dictionary<Guid, EntryConfirmed>(), Now);
                (record.Totals.Minutes, record.Totals.Points).ShouldBe((own.Count, own.Sum(minute => minute.Points)));
                record.Entries!.Sum(entry => entry.CountedMinutes!.Value).ShouldBe(own.Count);
                record.Entries!.Sum(entry => entry.Points).ShouldBe(own.Sum(minute => minute.Points));
                record.Entries!.ShouldAllBe(entry => Within(entry.From, period) && Within(entry.To, period));
                var education = EducationForm.Of(record);
                (education.Minutes, education.Organisations!.Sum(work => work.Minutes), education.Points)
                    .ShouldBe((own.Count, own.Count, own.Sum(minute => minute.Points)));
                var employment = EmploymentForm.Of(record);
                (employment.TotalMinutes, employment.Experience.Sum(line => line.Minutes)).ShouldBe((own.Count, own.Count));
                employment.Experience.Count.ShouldBeLessThanOrEqualTo(2 * Organisations.Length);
                TaxationForm.Of(record).Work.Sum(work => work.Minutes).ShouldBe(own.Count);
                var social = SocialProtectionForm.Of(record);
                (social.Minutes, social.Years.Sum(year => year.Minutes)).ShouldBe((own.Count, own.Count));
                PensionForm.Of(record).Periods.Sum(work => work.Minutes).ShouldBe(own.Count);
            }
        },
        iter: 400);

    [Fact]
    public void work_that_begins_in_the_new_year_of_the_east_and_goes_on_in_the_old_one_of_the_west_has_minutes_in_both()
    {
        var facts = new EntryFacts(Organisations[0], "Забота рядом", "D12", "RU-MOW",
            [new Shift(new DateTime(2025, 1, 1, 1, 37, 0), "Asia/Kamchatka", 243), new Shift(new DateTime(2024, 12, 31, 23, 49, 0), "America/New_York", 2)]);

        BookTotals.Of(Counted.InPeriod([Made(Guid.CreateVersion7(), facts, 3, 0)], default)).ByYear.Select(year => (year.Key, year.Minutes))
            .ShouldBe([("2025", 243), ("2024", 2)]);
    }

    [Fact]
    public void papers_of_adjoining_periods_add_up_to_the_paper_of_both() => Gen.Select(ABook, APeriod, Gen.Int[0, 30]).Sample(
        (book, period, days) =>
        {
            var border = (period.From ?? new DateOnly(2025, 12, 20)).AddDays(days);
            if (!Within(border, period) || !Within(border.AddDays(1), period))
            {
                return;
            }

            (int Minutes, int Points) Paper(Period of)
            {
                var paper = Extracts.Written.InScope(book, new ExtractScope(of.From, of.To));
                return (paper.Sum(entry => entry.Counted.Minutes), paper.Sum(entry => entry.Counted.Points));
            }

            var (first, second, both) = (Paper(period with { To = border }), Paper(period with { From = border.AddDays(1) }), Paper(period));
            (first.Minutes + second.Minutes, first.Points + second.Points).ShouldBe(both);
        },
        iter: 1000);

    [Fact]
    public void a_shift_that_is_confirmed_in_two_entries_brings_its_points_once()
    {
        var facts = new EntryFacts(Organisations[0], "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(240)]);
        EntryView[] book = [Made(Guid.CreateVersion7(), facts, 3, 8), Made(Guid.CreateVersion7(), facts, 3, 8)];

        var totals = BookTotals.Of(Counted.InPeriod(book, default));
        (totals.Minutes, totals.OverlapMinutes, totals.Points).ShouldBe((240, 240, 8));
        // Of three points over 240 minutes each is earned with the eightieth minute: the border of two half-hours cuts none in two.
        var third = Made(Guid.CreateVersion7(), facts with { Shifts = [EntryDecisions.AShift(240, "2025-12-31T22:00:00")] }, 3, 3);
        BookTotals.Of(Counted.InPeriod([third], Period.Of(2025))).Points.ShouldBe(1);
        BookTotals.Of(Counted.InPeriod([third], Period.Of(2026))).Points.ShouldBe(2);
    }

    // Every counted minute, told without the code under test but for where a shift begins: whose it is, its day by the clock of its
    // shift, and the points that are earned with it.
    private static List<(EntryView Entry, DateOnly Day, int Points)> Minutes(IEnumerable<EntryView> book)
    {
        var taken = new HashSet<DateTime>();
        var counted = new List<(EntryView, DateOnly, int)>();
        foreach (var entry in book.Where(entry => entry.Status != EntryStatus.Withdrawn)
            .OrderByDescending(entry => entry.Grade).ThenBy(entry => entry.FirstStart).ThenBy(entry => entry.Id.ToString()))
        {
            var number = 0;
            foreach (var shift in entry.Shifts.OrderBy(shift => shift.StartsAt()))
            {
                for (var minute = 0; minute < shift.Minutes; minute++)
                {
                    number++;
                    var at = shift.StartsAt().UtcDateTime.AddMinutes(minute);
                    if (taken.Add(at))
                    {
                        counted.Add((
                            entry,
                            DayOf(at, TimeZoneInfo.FindSystemTimeZoneById(shift.Zone)),
                            (entry.Points * number / entry.Minutes) - (entry.Points * (number - 1) / entry.Minutes)));
                    }
                }
            }
        }

        return counted;
    }

    // The latest day that the clock has shown by then: put back over midnight it shows the day before once more.
    private static DateOnly DayOf(DateTime at, TimeZoneInfo zone) =>
        new[] { 0, 30, 60, 120, 180 }.Max(ago => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(at.AddMinutes(-ago), zone)));

    private static bool Within(DateOnly day, Period period) => day >= (period.From ?? DateOnly.MinValue) && day <= (period.To ?? DateOnly.MaxValue);

    private static string Written(BookTotals totals) => System.Text.Json.JsonSerializer.Serialize(totals);

    private static List<Shift> Apart(IEnumerable<Shift> shifts)
    {
        var kept = new List<Shift>();
        foreach (var shift in shifts.Where(
            shift => kept.TrueForAll(other => other.UtcMinutes().To <= shift.UtcMinutes().From || shift.UtcMinutes().To <= other.UtcMinutes().From)))
        {
            kept.Add(shift);
        }

        return kept;
    }

    private static EntryView Made(Guid id, EntryFacts facts, int end, int points)
    {
        var entry = Views.Of(id, new EntryLogged(Volunteer, EntrySource.Volunteer, facts, null, Now), new EntrySubmitted(1, Volunteer, facts, Now));
        return end switch
        {
            0 => entry,
            1 => entry.Then(new EntryWithdrawn(1, Volunteer, facts.OrganisationId, null, Now)),
            2 => entry.Then(new EntryConfirmed(1, CaseIds.Of(id, 1), Volunteer, facts, Now, EvidenceGrade.Confirmed, Points: points)),
            _ => entry.Then(new EntryConfirmed(1, CaseIds.Of(id, 1), Volunteer, facts, Now, Points: points)),
        };
    }
}
