using System.Globalization;
using Shouldly;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Days, times and lengths of time as people write them, headers as people word them.</summary>
[Trait("Feature", "F11")]
public sealed class WrittenTimes
{
    [Theory]
    [InlineData("2026-05-09", "2026-05-09")]
    [InlineData("09.05.2026", "2026-05-09")]
    [InlineData("9.5.2026", "2026-05-09")]
    [InlineData("09.05.26", "2026-05-09")]
    [InlineData("9.5.75", "2075-05-09")]
    [InlineData("9 мая 2026", "2026-05-09")]
    [InlineData("1 марта 2026 г.", "2026-03-01")]
    [InlineData("31 ДЕКАБРЯ 2025", "2025-12-31")]
    [InlineData("09/05/2026", null)]
    [InlineData("31.02.2026", null)]
    [InlineData("31 июня 2026", null)]
    [InlineData("9 мая", null)]
    [InlineData("вчера", null)]
    [InlineData("٠٩.٠٥.٢٠٢٦", null)]
    [InlineData("٩ мая 2026", null)]
    [InlineData("31.12.9999", null)]
    [InlineData("9 мая 0001", null)]
    public void a_day(string text, string? day) => (WrittenTime.Day(text)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ShouldBe(day);

    [Theory]
    [InlineData("10:00", "10:00:00")]
    [InlineData("9:05", "09:05:00")]
    [InlineData("9.30", "09:30:00")]
    [InlineData("10-00", "10:00:00")]
    [InlineData("10", "10:00:00")]
    [InlineData("10:00:30", "10:00:30")]
    [InlineData("24:00", "1.00:00:00")]
    [InlineData("24:01", null)]
    [InlineData("25:00", null)]
    [InlineData("10:60", null)]
    [InlineData("10.5", null)]
    [InlineData("утром", null)]
    [InlineData("١٠:٠٠", null)]
    [InlineData("０９:３０", null)]
    public void a_time_of_day(string text, string? time) => (WrittenTime.Time(text)?.ToString()).ShouldBe(time);

    [Theory]
    [InlineData("4", 240)]
    [InlineData("4,5", 270)]
    [InlineData("4.5", 270)]
    [InlineData("4,33", 260)]
    [InlineData("4:30", 270)]
    [InlineData("04:30:00", 270)]
    [InlineData("4 ч 30 мин", 270)]
    [InlineData("4ч30м", 270)]
    [InlineData("4 часа", 240)]
    [InlineData("1 час", 60)]
    [InlineData("30 мин.", 30)]
    [InlineData("4,5 ч.", 270)]
    [InlineData("4 h 30 min", 270)]
    [InlineData("4:60", null)]
    [InlineData("-4", null)]
    [InlineData("4,5,6", null)]
    [InlineData("много", null)]
    [InlineData("", null)]
    [InlineData("999999999", null)]
    public void hours(string text, int? minutes) => WrittenTime.Length(text, TimeUnit.Hours).ShouldBe(minutes);

    [Theory]
    [InlineData("10:00-14:30", "10:00:00", "14:30:00")]
    [InlineData("10.00 – 14.00", "10:00:00", "14:00:00")]
    [InlineData("с 9 до 12", "09:00:00", "12:00:00")]
    [InlineData("22:00—02:00", "22:00:00", "02:00:00")]
    [InlineData("10:00", null, null)]
    [InlineData("10-25:00", null, null)]
    [InlineData("১০-১৪", null, null)]
    public void from_when_to_when(string text, string? from, string? to)
    {
        var period = WrittenTime.Period(text);
        (period?.From.ToString(), period?.To.ToString()).ShouldBe((from, to));
    }

    [Theory]
    [InlineData("Ф. И. О.", "name")]
    [InlineData("ФИО волонтёра (полностью)", "name")]
    [InlineData("Фамилия, имя, отчество", "name")]
    [InlineData("Участник", "name")]
    [InlineData("Фамилия", "family_name")]
    [InlineData("Имя", "given_name")]
    [InlineData("Код волонтера", "volunteer_id")]
    [InlineData("volunteerId", "volunteer_id")]
    [InlineData("E-mail", "email")]
    [InlineData("Адрес электронной почты", "email")]
    [InlineData("Дата", "date")]
    [InlineData("ДАТА ВЫХОДА", "date")]
    [InlineData("Начало смены", "start")]
    [InlineData("Время прихода", "start")]
    [InlineData("Дата и время начала", "start")]
    [InlineData("Конец", "end")]
    [InlineData("Время окончания", "end")]
    [InlineData("Уход", "end")]
    [InlineData("Кол-во часов", "hours")]
    [InlineData("Часы", "hours")]
    [InlineData("Отработано, ч", "hours")]
    [InlineData("Длительность", "hours")]
    [InlineData("Длительность, мин", "minutes")]
    [InlineData("Минут", "minutes")]
    [InlineData("Время работы", "period")]
    [InlineData("Часовой пояс", "zone")]
    [InlineData("Наименование мероприятия", "project")]
    [InlineData("Перерыв (мин)", "break")]
    [InlineData("Присутствие", "attended")]
    [InlineData("Уровень ответственности", "level")]
    public void a_header(string header, string column)
    {
        string[] others = [.. new[] { "volunteer_id", "start", "minutes" }.Where(other => other != column)];
        SheetColumns.Find([header, .. others]).ShouldNotBeNull(header).Headers.GetValueOrDefault(column).ShouldBe(header);
    }

    [Theory]
    [InlineData(SheetFormat.Xlsx, "vedomost.xlsx")]
    [InlineData(SheetFormat.Csv, "vedomost.csv")]
    public void the_template_that_is_offered_has_a_header_that_is_read_whole(SheetFormat format, string name)
    {
        using var file = File.OpenRead(Path.Combine(Root(), "gateway", "Portal", "wwwroot", "templates", name));
        var columns = ReadSheet.Open(file, format, null, TestContext.Current.CancellationToken).Columns.ShouldNotBeNull();
        columns.Headers.Keys.ShouldBe(["volunteer_id", "name", "email", "date", "start", "end", "hours", "project"], ignoreOrder: true);
        columns.Unread.ShouldBeEmpty();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VolunteerBook.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [Theory]
    [InlineData("name", 301)]
    [InlineData("email", 255)]
    public void a_name_that_breaks_a_rule_is_its_rows_fault_and_is_told_to_nobody(string field, int letters)
    {
        var raw = new RawRow(2, new Dictionary<string, string> { [field] = new('я', letters), ["start"] = "09.05.2025 10:00", ["hours"] = "4" });
        SheetRow.Who(raw).ShouldBeNull();
        var (row, _, faults) = SheetRow.Read(raw, new ForAllRows("Europe/Moscow"), DateTimeOffset.UtcNow);
        row.ShouldBeNull();
        faults.Select(fault => fault.Field).Distinct().ShouldBe([field]);
    }

    [Fact]
    public void the_later_of_two_like_hours_is_meant_by_its_end_too()
    {
        Minutes("02:10", "02:50", later: true).ShouldBe(40);
        Minutes("01:30", "03:30", later: false).ShouldBe(180);

        static int Minutes(string start, string end, bool later) => SheetRow.Read(
            new(2, new Dictionary<string, string>
            {
                ["volunteer_id"] = Guid.NewGuid().ToString(),
                ["date"] = "26.10.2025",
                ["start"] = start,
                ["end"] = end,
                ["later"] = later ? "да" : "нет",
            }),
            new ForAllRows("Europe/Berlin"), DateTimeOffset.UtcNow).Row.ShouldNotBeNull().Shift.Minutes;
    }

    [Theory]
    [InlineData("Дата рождения")]
    [InlineData("ФИО координатора")]
    [InlineData("Подпись")]
    [InlineData("Телефон")]
    [InlineData("№ п/п")]
    [InlineData("Почтовый индекс")]
    [InlineData("Примечание")]
    [InlineData("")]
    public void a_header_that_says_nothing_to_us(string header) => SheetColumns.Known([header]).ShouldBe(0);
}
