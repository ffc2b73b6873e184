using System.Globalization;
using Microsoft.Extensions.Localization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Portal.Forms;

/// <summary>
/// The repeated inputs of shifts: <c>shifts[i].date</c>, <c>.time</c>, <c>.until</c> or <c>.hours</c> and, for vacancies, <c>.places</c>; one zone for
/// all of them, empty meaning that of the region, or <c>shifts[i].zone</c> where what is stored has several. Adding and removing
/// works by sending the form, without a script.
/// </summary>
public sealed class ShiftInputs(Form form)
{
    /// <summary>As many as an entry may have.</summary>
    public const int Most = 100;

    static readonly string[] Parts = ["date", "time", "until", "hours", "places", "zone", "later"];

    // Browsers without a date picker send what was typed: both the ISO form and the Russian one are understood.
    static readonly string[] Days = ["yyyy-MM-dd", "d.M.yyyy"];

    static readonly string[] Times = ["H:mm", "H:mm:ss"];

    /// <summary>How many shifts the form shows; at least one.</summary>
    public int Count => Math.Clamp(int.TryParse(form["shiftCount"], out var count) ? count : 1, 1, Most);

    /// <summary>The name of a part's input.</summary>
    public static string Name(int index, string part) => $"shifts[{index}].{part}";

    /// <summary>Adds or removes when that button was pressed; true when it was.</summary>
    public bool Press()
    {
        if (form.Do == "add-shift")
        {
            form["shiftCount"] = Math.Min(Count + 1, Most).ToString(CultureInfo.InvariantCulture);
            return true;
        }

        if (!form.Do.StartsWith("remove-shift-", StringComparison.Ordinal) || !int.TryParse(form.Do["remove-shift-".Length..], out var gone)) return false;
        for (var index = Math.Max(gone, 0); index < Count; index++)
        {
            foreach (var part in Parts) form[Name(index, part)] = form[Name(index + 1, part)];
        }

        form["shiftCount"] = Math.Max(Count - 1, 1).ToString(CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Fills the inputs from what is stored.</summary>
    public void Show(IReadOnlyList<Shift> shifts, string region)
    {
        form["shiftCount"] = shifts.Count.ToString(CultureInfo.InvariantCulture);
        var several = shifts.DistinctBy(shift => shift.Zone).Count() > 1;
        if (!several && shifts is [{ Zone: var zone }, ..] && zone != Regions.Find(region)?.Zone) form["zone"] = zone;
        foreach (var (index, shift) in shifts.Index())
        {
            if (several) form[Name(index, "zone")] = shift.Zone;
            form[Name(index, "date")] = shift.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            form[Name(index, "time")] = shift.Start.ToString("HH:mm", CultureInfo.InvariantCulture);
            if (ShowsTwice(shift)) form[Name(index, "later")] = shift.Later ? "yes" : "no";
            form[Name(index, "hours")] = Duration.Written(shift.Minutes);
        }
    }

    /// <summary>Reads all shifts; what cannot be read, or is not over at <paramref name="latest"/>, is marked.</summary>
    public IReadOnlyList<Shift> Read(string? region, IStringLocalizer t, DateTimeOffset? latest)
    {
        var common = Common(region);
        List<Shift> shifts = [];
        for (var index = 0; index < Count; index++)
        {
            var date = ReadDate(index, t);
            var time = ReadTime(index, "time", t);
            var minutes = ReadMinutes(index, t);
            var until = ReadTime(index, "until", t, needed: false);
            if (date is null || time is null || minutes < 0) continue;

            var shift = new Shift(date.Value.ToDateTime(time.Value), form.Text(Name(index, "zone")) ?? common, minutes ?? 1);
            // Asked only of a time that the clock shows twice: an answer that is left from another time says nothing.
            if (ShowsTwice(shift))
            {
                if (form.Text(Name(index, "later")) is null) form.Fail(Name(index, "start"), t["shift.twice"]);
                shift = shift with { Later = form[Name(index, "later")] == "yes" };
            }

            if (!form.For(Name(index, "until")).Any()) shift = shift with { Minutes = Agree(index, shift, until, minutes, t) };
            var broken = (latest is { } moment ? shift.BrokenRules(moment) : shift.BrokenRules()).ToList();
            foreach (var rule in broken) form.Fail(rule.Member == "zone" ? "zone" : Name(index, rule.Member), t["problem." + rule.Code]);
            shifts.Add(shift);
        }

        return shifts;
    }

    /// <summary>Whether the start that the form says is one that the clock shows twice, so that it has to be asked which is meant.</summary>
    public bool AsksWhich(int index, string? region) =>
        DateOnly.TryParseExact(form[Name(index, "date")].Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && TimeOnly.TryParseExact(form[Name(index, "time")].Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        && ShowsTwice(new Shift(date.ToDateTime(time), form.Text(Name(index, "zone")) ?? Common(region), 1));

    /// <summary>Places of an offered shift, 1 to 1000.</summary>
    public int ReadPlaces(int index, IStringLocalizer t)
    {
        if (Number(Name(index, "places")) is { } places and >= 1 and <= 1000) return places;
        form.Fail(Name(index, "places"), t["problem.places-out-of-range"]);
        return 0;
    }

    DateOnly? ReadDate(int index, IStringLocalizer t)
    {
        var name = Name(index, "date");
        if (DateOnly.TryParseExact(form[name].Trim(), Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return date;
        form.Fail(name, t[form.Text(name) is null ? "shift.date-missing" : "shift.date-wrong"]);
        return null;
    }

    TimeOnly? ReadTime(int index, string part, IStringLocalizer t, bool needed = true)
    {
        var name = Name(index, part);
        if (TimeOnly.TryParseExact(form[name].Trim(), Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        if (needed || form.Text(name) is not null) form.Fail(name, t[form.Text(name) is null ? "shift.time-missing" : "shift.time-wrong"]);
        return null;
    }

    string Common(string? region) => form.Text("zone") ?? Regions.Find(region)?.Zone ?? "Europe/Moscow";

    static bool ShowsTwice(Shift shift) =>
        !shift.BrokenRules().Any(rule => rule.Member != "minutes") && WallClock.Read(shift.Start, TimeZoneInfo.FindSystemTimeZoneById(shift.Zone)).Twice;

    // How long it was said to be; null where nothing is said, -1 where it cannot be read.
    int? ReadMinutes(int index, IStringLocalizer t)
    {
        if (form.Text(Name(index, "hours")) is not { } text) return null;
        if (Duration.Read(text) is > 0 and <= 24 * 60 and var minutes) return minutes;
        form.Fail(Name(index, "hours"), t["problem.minutes-out-of-range"]);
        return -1;
    }

    // From when to when, or how long, or both where they say the same.
    int Agree(int index, Shift shift, TimeOnly? until, int? minutes, IStringLocalizer t)
    {
        if (until is not { } end)
        {
            if (minutes is null) form.Fail(Name(index, "until"), t["shift.until-missing"]);
            return minutes ?? 1;
        }

        if (shift.BrokenRules().Any(rule => rule.Member != "minutes")) return minutes ?? 1;

        // By the clock of the place: the night in which it is put back is an hour longer.
        var last = shift.Start.Date + end.ToTimeSpan();
        if (last <= shift.Start) last = last.AddDays(1);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(shift.Zone);
        var (starts, ends) = (WallClock.Read(shift.Start, zone), WallClock.Read(last, zone));
        var lasted = (int)(ends.Earlier - (shift.Later ? starts.Later : starts.Earlier)).TotalMinutes;
        if (minutes is { } said && said != lasted) form.Fail(Name(index, "until"), t["shift.until-differs", Duration.Written(lasted), Duration.Written(said)]);
        return lasted;
    }

    int? Number(string name) =>
        form.Text(name) is not { } text ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
