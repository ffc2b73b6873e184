using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// What a header says of a shift's times and length. Hours are evidence, so each of its words must be known: «Часы по плану», «Дорога, часы» or «Часы (1 час =
/// 45 минут)» could be anything but what was worked, and no list of what they could be would be whole. Who is not understood is told so.
/// </summary>
public static partial class HeaderWords
{
    /// <summary>The most characters of a header.</summary>
    public const int Longest = 200;

    private static readonly FrozenSet<string> Hours = Set("час часа часы часов часах ч чч hour hours hr hrs h hh");
    private static readonly FrozenSet<string> Minutes = Set("минута минуты минут минуту минутах мин мм minute minutes min mins mm");

    // These say a length without a unit, which is then hours.
    private static readonly FrozenSet<string> Worked =
        Set("отработано отработанное отработанные отработанных отработал отработала отработали отработка отраб отработ трудозатраты worked");
    private static readonly FrozenSet<string> Lengths = [.. Worked.Union(Set("продолжительность длительность длит duration length"))];

    private static readonly FrozenSet<string> Facts = Set("факт факту фактически фактические фактических зачислено attended contributed actual");

    private static readonly FrozenSet<string> BesideLengths = Set(
        "факт факту фактич фактически фактическая фактическое фактические фактических кол количество колво число объем всего итого итог общее общая общий "
        + "общей общие сколько время времени смена смены работа работы участие участия "
        + "деятельности волонтера волонтером волонтеров волонтерства волонтерская волонтерской волонтерские волонтерских волонт добровольца добровольцем "
        + "добровольческая добровольческой добровольческие добровольческих участника участником "
        + "рабочее рабочие рабочих чистое чистых подтверждено подтвержденные подтвержденных верифицировано верифицированные верифицированных реально реальные "
        + "реальных засчитано зачтено учтено безвозмездно безвозмездной и в "
        + "actual total number no of the in and time spent completed served confirmed approved verified logged recorded credited decimal volunteer volunteers "
        + "volunteered volunteering service shift unpaid count qty quantity");

    private static readonly FrozenSet<string> Breaks =
        Set("перерыв перерыва перерывы перерывов обед обеда обеденный обеды брейк отдых отдыха пауза паузы break breaks lunch");
    private static readonly FrozenSet<string> BesideBreaks =
        Set("кофе технический кол количество длительность продолжительность длит время на и meal coffee unpaid duration length total time of in for");

    private static readonly FrozenSet<string> Starts = Set(
        "начало начала нач приход прихода пришел пришла приезд приезда прибытие прибытия прибыл вход входа start starts started begin begins began "
        + "beginning arrival arrived");

    private static readonly FrozenSet<string> Ends = Set(
        "конец конца окончание окончания завершение завершения уход ухода ушел ушла отъезд отъезда убытие убытия убыл выход выхода end ends ended finish "
        + "finished departure until");

    // Words of any sentence: they say when alone, and with words for time.
    private static readonly FrozenSet<string> ShortStarts = Set("с со от from in timein starttime");
    private static readonly FrozenSet<string> ShortEnds = Set("по до to out left timeout endtime");
    private static readonly FrozenSet<string> Time = Set("время времени time clock");
    private static readonly FrozenSet<string> BesideTimes = Set("и and факт фактическое фактически actual смены смена работы работ мероприятия деятельности "
        + "участия волонтера добровольца участника of the shift work event volunteer at local местное");
    private static readonly FrozenSet<string> Days = Set("дата даты date");
    private static readonly FrozenSet<string> DaysToo = [.. Days.Union(Set("день дня dates day"))];

    // Of the shift: people have days of joining, of consent and of sending, too.
    private static readonly FrozenSet<string> BesideDays = Set(
        "смены смена смену вашей мероприятия мероприятий события проведения проведение акции активности работы работ участия присутствия деятельности "
        + "волонтерства волонтерской добровольческой волонтера выхода дежурства посещения визита "
        + "встречи тренировки игры субботника занятия занятий отработки начала начало выполнения осуществления реализации оказания помощи услуги услуг проекта "
        + "фактическая фактического факт и число месяц год время место недели "
        + "and of the on shift event work worked activity service session visit project volunteering volunteered volunteer served attended completed performed "
        + "participation attendance month year time place");

    private static readonly FrozenSet<string> Totals = Set("итого итог всего total totals");

    private static readonly FrozenSet<string> BesideTotals = Set(
        "сумма промежуточный за по день дня дней месяц период неделю смену смен листу странице табелю ведомости проекту мероприятию организации отряду команде "
        + "чел человек людей участники участников волонтеры добровольцев "
        + "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь январю grand sub people participants for page sheet month day week");

    private static readonly FrozenSet<string> Counts = Set("количество кол число сумма общее");

    /// <summary>
    /// The column that a header is: <c>date</c>, <c>start</c>, <c>end</c>, <c>period</c>, <c>break</c>, <c>minutes</c> or <c>hours</c>; null where it says
    /// none of these, or more than is understood.
    /// </summary>
    public static string? FieldOf(string header)
    {
        var words = Of(header);
        return words.Count == 0 ? null
            : LengthOf(words) ?? TimeOf(words)
                ?? (words.Exists(Breaks.Contains) && AreAll(words, Breaks, BesideBreaks, Hours, Minutes) ? "break" : null)
                ?? (words is ["число"] || (words.Exists(DaysToo.Contains) && AreAll(words, DaysToo, BesideDays)) ? "date" : null);
    }

    /// <summary>Whether a header speaks of times or lengths in words of which some are not known.</summary>
    public static bool IsUnclear(string header) =>
        Of(header) is var words && words.Exists(word => AreAll([word], Hours, Minutes, Lengths, Breaks, Starts, Ends))
        && !IsDay(words) && FieldOf(header) is null;

    /// <summary>Whether a header speaks of a time of beginning or end, whatever else it says.</summary>
    public static bool IsOfTime(string header) =>
        Of(header) is var words && words.Exists(Time.Contains) && words.Exists(word => AreAll([word], Starts, Ends, ShortStarts, ShortEnds));

    /// <summary>Whether a header speaks of a date, whatever else it says.</summary>
    public static bool IsOfDay(string header) => Of(header).Exists(Days.Contains);

    /// <summary>Whether a header speaks of what was worked, whatever else it says.</summary>
    public static bool IsOfWork(string header) => Of(header).Exists(word => AreAll([word], Worked, Facts));

    /// <summary>Whether a header speaks of the beginning.</summary>
    public static bool IsOfStart(string header) => Of(header).Exists(Starts.Contains);

    /// <summary>The unit of bare numbers under a header; null where it names two: «4» under «час:мин» could be either.</summary>
    /// <param name="header">The header.</param>
    /// <param name="unnamed">What holds where it names none.</param>
    public static TimeUnit? UnitOf(string header, TimeUnit? unnamed)
    {
        var words = Of(header);
        return (words.Exists(Hours.Contains), words.Exists(Minutes.Contains)) switch
        {
            (true, false) => TimeUnit.Hours,
            (false, true) => TimeUnit.Minutes,
            (true, true) => null,
            _ => unnamed,
        };
    }

    /// <summary>Whether a text is the label of a total: «Итого за май:», and not «Итоговый концерт», «Итог Анна» or «Всего хорошего!».</summary>
    public static bool IsTotal(string text)
    {
        var words = Of(text);
        return words.Count > 0
            && words.TrueForAll(word => char.IsDigit(word[0]) || AreAll([word], Totals, BesideTotals, Hours, Minutes, Lengths, BesideLengths))
            && (words.Exists(Totals.Contains) || words[0] is "сумма"
                || (Counts.Contains(words[0]) && words.Exists(word => AreAll([word], Hours, Minutes, Time))));
    }

    private static string? LengthOf(List<string> words) =>
        !AreAll(words, Hours, Minutes, Lengths, BesideLengths) ? null
        // «Время, ч» is how long or at what hour; «время в часах» is how long.
        : words.Exists(Time.Contains) && words.Exists(Hours.Contains)
            && (AreAll(words, Time, Hours) || (words.Exists(Minutes.Contains) && AreAll(words, Time, Hours, Minutes, ShortStarts))) ? null
        : words.Exists(Hours.Contains) ? "hours"
        : words.Exists(Minutes.Contains) ? "minutes"
        : words.Exists(Lengths.Contains) ? "hours" : null;

    private static string? TimeOf(List<string> words)
    {
        if (IsDay(words))
        {
            return null;
        }

        var (isStart, isEnd) = (words.Exists(Starts.Contains), words.Exists(Ends.Contains));
        if (isStart || isEnd)
        {
            return !AreAll(words, Starts, Ends, Hours, Minutes, Time, BesideTimes, Days) ? null : !isEnd ? "start" : !isStart ? "end" : "period";
        }

        // «С», «Время до», «Время (с–до)», «Дата и время»; «Hours to date» is none of these.
        return words.Exists(ShortStarts.Contains) && words.Exists(ShortEnds.Contains) && AreAll(words, ShortStarts, ShortEnds, Time) ? "period"
            : words.Exists(ShortStarts.Contains) && AreAll(words, ShortStarts, Time) ? "start"
            : words.Exists(ShortEnds.Contains) && AreAll(words, ShortEnds, Time) ? "end"
            : words.Exists(Days.Contains) && words.TrueForAll(word => word is "и" or "and" || AreAll([word], Days, Time)) ? "start" : null;
    }

    // «Дата начала».
    private static bool IsDay(List<string> words) => words.Exists(Days.Contains) && !words.Exists(Time.Contains);

    private static bool AreAll(List<string> words, params IEnumerable<FrozenSet<string>> known) =>
        words.TrueForAll(word => known.Any(some => some.Contains(word)));

    private static List<string> Of(string header)
    {
        // A longer one may be cut within a character, and says more than what is known anyway.
        if (header.Length > Longest)
        {
            return [];
        }

        var plain = Said().Replace(CamelCase().Replace(header.Normalize(NormalizationForm.FormKC), "$1 $2").ToLowerInvariant().Replace('ё', 'е'), " ");
        return [.. Word().Matches(plain).Select(word => word.Value)];
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();

    [GeneratedRegex(@"(\p{Ll})(\p{Lu})", RegexOptions.CultureInvariant)]
    private static partial Regex CamelCase();

    [GeneratedRegex(@"\p{L}+|\p{N}+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    // Words that change nothing of what the others say.
    [GeneratedRegex(@"\b(за (день|смену|мероприятие)|без (оплаты|перерывов|перерыва|обеда)|без учета (перерывов|перерыва|обеда)|в\s*т\.?\s*ч|в том числе|"
        + @"ко?л?\s*\.?\s*[-‐–—]\s*во)\b|\(-?(а|ла|и|ов|s)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Said();
}
