using System.Globalization;
using Microsoft.Extensions.Localization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal.Parts;

/// <summary>Puts values into words in the person's language: durations, dates, counts, names of the vocabulary.</summary>
public sealed class Say(IStringLocalizer<Texts> t)
{
    /// <summary>Time for moments that belong to no region.</summary>
    public const string DefaultZone = "Europe/Moscow";

    static CultureInfo Culture => CultureInfo.CurrentUICulture;

    static bool InRussian => Culture.TwoLetterISOLanguageName == "ru";

    /// <summary>4 ч 30 мин.</summary>
    public string Duration(long minutes) => (minutes / 60, minutes % 60) switch
    {
        (0, var rest) => t["duration.minutes", rest],
        (var hours, 0) => t["duration.hours", Number(hours)],
        var (hours, rest) => t["duration.both", Number(hours), rest],
    };

    /// <summary>Whole hours of large sums, for axes and headlines.</summary>
    public string Hours(long minutes) => t["duration.hours", Number((minutes + 30) / 60)];

    /// <summary>1 234 567.</summary>
    public static string Number(long number) => number.ToString("N0", Culture);

    /// <summary>A count with its noun in the right form: 5 записей.</summary>
    public string Count(long number, string noun) => t[$"count.{noun}.{Form(number)}", Number(number)];

    /// <summary>The noun alone in the form that the number asks for: записей.</summary>
    public string Noun(long number, string noun) => t[$"noun.{noun}.{Form(number)}"];

    static string Form(long number) => !InRussian ? number == 1 ? "one" : "many"
        : (number % 10, number % 100) switch
        {
            (1, not 11) => "one",
            ( >= 2 and <= 4, not (>= 12 and <= 14)) => "few",
            _ => "many",
        };

    /// <summary>Days with a decimal where it says something: 2,5 дн.</summary>
    public string InDays(double? days) => days is not { } number ? "—" : number < 1 ? t["days.less"] : t["days.short", number.ToString("0.#", Culture)];

    /// <summary>A share from 0 to 1 in per cent.</summary>
    public static string Share(double? share) => share is { } number ? number.ToString("P0", Culture) : "—";

    /// <summary>9 мая 2026.</summary>
    public static string Date(DateTime date) => date.ToString(InRussian ? "d MMMM yyyy" : "d MMM yyyy", Culture);

    /// <summary>A calendar month written YYYY-MM: май 2026, or in brief 05.2026.</summary>
    public static string Month(string month, bool brief = false) =>
        DateTime.TryParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            ? first.ToString(brief ? "MM'.'yyyy" : "MMMM yyyy", Culture)
            : month;

    /// <summary>A moment in a zone, with the zone's distance from UTC unless the <paramref name="readers"/> zone has the same then.</summary>
    public static string Moment(DateTimeOffset moment, string? zone, TimeZoneInfo? readers = null)
    {
        var local = TimeZoneInfo.ConvertTime(moment, Zone(zone));
        return $"{Date(local.DateTime)}, {local:HH:mm}" + (readers?.GetUtcOffset(moment) == local.Offset ? "" : $" ({Offset(local.Offset)})");
    }

    /// <summary>The start of a shift in the shift's own zone, as <see cref="Moment"/> says it.</summary>
    public static string Start(DateTime start, string zone, bool later = false, TimeZoneInfo? readers = null)
    {
        var shown = WallClock.Read(start, Zone(zone));
        return Moment(later ? shown.Later : shown.Earlier, zone, readers);
    }

    /// <summary>The days from the first shift to the last.</summary>
    public static string Days(IReadOnlyList<Shift> shifts)
    {
        if (shifts.Count == 0) return "";
        var first = shifts.Min(shift => shift.Start.Date);
        var last = shifts.Max(shift => shift.Start.Date);
        return first == last ? Date(first) : $"{Date(first)} – {Date(last)}";
    }

    /// <summary>How long ago, in days or hours: what a queue's age is read by.</summary>
    public string Age(DateTimeOffset since, DateTimeOffset now) =>
        (now - since) switch
        {
            { TotalDays: >= 1 } age => Count((long)age.TotalDays, "days"),
            { TotalHours: >= 1 } age => Count((long)age.TotalHours, "hours"),
            _ => t["age.now"],
        };

    /// <summary>A region's name; an unknown code is shown as it is.</summary>
    public static string Region(string? code) => Regions.Find(code) is { } region ? InRussian ? region.Russian : region.English : code ?? "";

    /// <summary>A task type's name.</summary>
    public static string TaskType(string? code) => TaskTypes.Find(code) is { } type ? Name(type) : code ?? "";

    /// <summary>A status in words; <paramref name="of"/> is entry, case, organisation, vacancy or application.</summary>
    public string Status(string of, string status)
    {
        var text = t[$"status.{of}.{status}"];
        return text.ResourceNotFound ? status : text;
    }

    /// <summary>What happened, in words; an unknown event shows its name.</summary>
    public string Event(string type)
    {
        var text = t["event." + type];
        return text.ResourceNotFound ? type.Replace('_', ' ') : text;
    }

    /// <summary>A person by what they do here, and by name where the reader may know it: Координатор Петров Павел.</summary>
    public string Person(string role, string? name) => name is null ? t["person.role." + role] : t["person.named", t["person.role." + role], name];

    /// <summary>The end of a code; its beginning is the time when the book was opened, and alike in many.</summary>
    public static string CodeEnd(Guid id) => id.ToString()[^6..];

    /// <summary>How well minutes are evidenced.</summary>
    public string Grade(string grade) => t["grade." + grade];

    /// <summary>A responsibility level; without one it is the least.</summary>
    public string Level(string? level) => t["level." + (level ?? "participant")];

    /// <summary>An amount with its unit: 40 деревьев.</summary>
    public static string Volume(Volume? volume) =>
        volume is null
            ? ""
            : $"{Number(volume.Amount)}\u00a0{(VolumeUnits.Find(volume.Unit) is { } unit ? InRussian ? unit.Russian : unit.English : volume.Unit)}";

    /// <summary>What of a book a document holds.</summary>
    public string Scope(ExtractScope scope, string? organisation)
    {
        if (scope.EntryId is not null) return t["scope.entry"];
        List<string> parts = [];
        if (scope.OrganisationId is not null) parts.Add(t["scope.organisation", organisation ?? t["scope.one-organisation"]]);
        if (Period(scope.From, scope.To) is { } period) parts.Add(period);
        if (parts.Count == 0) parts.Add(t["scope.whole"]);
        if (scope.TotalsOnly) parts.Add(t["scope.totals"]);
        if (scope.WithClaimed) parts.Add(t["scope.with-claimed"]);
        return string.Join(", ", parts);
    }

    /// <summary>What of a book a grant gives.</summary>
    public string Scope(GrantScope scope, string? organisation) =>
        Scope(new ExtractScope(scope.From, scope.To, scope.OrganisationId, scope.Gives == "totals", null), organisation);

    /// <summary>A text that somebody gave in both languages.</summary>
    public static string InLanguage(BothLanguages text) => InRussian ? text.Russian : text.English;

    /// <summary>What an agency is called; one that is not known shows its client id.</summary>
    public static string Agency(IReadOnlyList<Agency> agencies, string clientId) =>
        agencies.FirstOrDefault(agency => agency.ClientId == clientId) is { } found ? InLanguage(found.Name) : clientId;

    /// <summary>What a grant is for; a purpose that its agency has no more says so, as nothing is read for it.</summary>
    public string Purpose(IReadOnlyList<Agency> agencies, Grant grant) =>
        agencies.FirstOrDefault(agency => agency.ClientId == grant.Agency)?.Purposes.FirstOrDefault(purpose => purpose.Code == grant.Purpose) is { } purpose
            ? InLanguage(purpose.Description) : t["grant.purpose-gone", grant.Purpose];

    /// <summary>A period of days, of which either end may be open; null for all time.</summary>
    public string? Period(DateOnly? from, DateOnly? to) => (from, to) switch
    {
        (null, null) => null,
        ({ } first, null) => t["period.from", Date(first.ToDateTime(default))].Value,
        (null, { } last) => t["period.to", Date(last.ToDateTime(default))].Value,
        ({ } first, { } last) => t["period.both", Date(first.ToDateTime(default)), Date(last.ToDateTime(default))].Value,
    };

    /// <summary>What the check of a file looked at.</summary>
    public string Finding(string about)
    {
        var text = t["finding." + about];
        return text.ResourceNotFound ? about : text;
    }

    /// <summary>What it means that it is in order, or is not.</summary>
    public string FindingText(Finding finding)
    {
        var text = t[(finding.Stands is true ? "finding-good." : "finding-bad.") + finding.About];
        return text.ResourceNotFound ? "" : text;
    }

    /// <summary>All regions by name.</summary>
    public static IReadOnlyList<Pick> RegionOptions() =>
        [.. Regions.All.Select(region => new Pick(region.Code, Region(region.Code)))
            .OrderBy(option => option.Text, StringComparer.Create(Culture, ignoreCase: true))];

    /// <summary>All task types under their sections.</summary>
    public static IReadOnlyList<Pick> TaskTypeOptions()
    {
        var sections = TaskTypes.Sections.ToDictionary(section => section.Code, Name);
        return [.. TaskTypes.All.Select(type => new Pick(type.Code, Name(type), sections.GetValueOrDefault(type.Code[..1])))];
    }

    /// <summary>The zones of the regions, by their distance from UTC.</summary>
    public static IReadOnlyList<Pick> ZoneOptions() =>
        [.. Regions.All.Select(region => region.Zone).Concat(["Asia/Sakhalin", "Asia/Srednekolymsk", "Asia/Ust-Nera", "Asia/Novokuznetsk"]).Distinct()
            .Select(Zone).OrderBy(zone => zone.BaseUtcOffset).ThenBy(zone => zone.Id, StringComparer.Ordinal)
            .Select(zone => new Pick(zone.Id, $"{Offset(zone.BaseUtcOffset)} {zone.Id}"))];

    static string Name(TaskType type) => InRussian ? type.Russian : type.English;

    static TimeZoneInfo Zone(string? zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(zone ?? DefaultZone, out var found) ? found : TimeZoneInfo.Utc;

    static string Offset(TimeSpan offset) =>
        offset == TimeSpan.Zero
            ? "UTC"
            : $"UTC{(offset < TimeSpan.Zero ? '−' : '+')}{offset:%h}{(offset.Minutes == 0 ? "" : offset.ToString(@"\:mm", CultureInfo.InvariantCulture))}";
}

/// <summary>A choice in a list; <paramref name="Group"/> is the heading it stands under.</summary>
public sealed record Pick(string Value, string Text, string? Group = null);
