using System.Text;
using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Under which headers the time that was worked is looked for. Whatever else is counted in hours or minutes is not evidence of it.</summary>
[Trait("Feature", "F11")]
public sealed class HeadersOfTimesAndLengths
{
    [Theory]
    [InlineData("Начало (час:мин)", "start")]
    [InlineData("Время начала, час.", "start")]
    [InlineData("Час начала работы", "start")]
    [InlineData("Прибытие", "start")]
    [InlineData("Время с", "start")]
    [InlineData("Clock in", "start")]
    [InlineData("С", "start")]
    [InlineData("Дата и время", "start")]
    [InlineData("Дата и время окончания", "end")]
    [InlineData("Время (час) окончания", "end")]
    [InlineData("Фактическое время ухода", "end")]
    [InlineData("Clock out", "end")]
    [InlineData("По", "end")]
    [InlineData("Time In (hh:mm)", "start")]
    [InlineData("Time Out (hh:mm)", "end")]
    [InlineData("Приезд", "start")]
    [InlineData("Время (с–до)", "period")]
    [InlineData("Время (ч:мин)", "period")]
    [InlineData("Начало и окончание работы", "period")]
    [InlineData("Unpaid hours", "hours")]
    [InlineData("Отработал(а) часов", "hours")]
    [InlineData("Кол - во часов", "hours")]
    [InlineData("Кол–во часов", "hours")]
    [InlineData("Верифицированные часы", "hours")]
    [InlineData("Duration (hh:mm:ss)", "hours")]
    [InlineData("Hours left", null)]
    [InlineData("Время (час)", null)]
    [InlineData("Time in hh:mm", null)]
    [InlineData("Отработано часов (без оплаты)", "hours")]
    [InlineData("Кол-во ч.", "hours")]
    [InlineData("Факт, ч", "hours")]
    [InlineData("Всего отработано за смену, ч", "hours")]
    [InlineData("Total volunteer hours", "hours")]
    [InlineData("Время волонтёра", "period")]
    [InlineData("Часы работы", "period")]
    [InlineData("Время перерыва, мин", "break")]
    [InlineData("в т.ч. обед, мин", "break")]
    [InlineData("Lunch break, min", "break")]
    [InlineData("Часы с начала года", null)]
    [InlineData("Часов от начала года", null)]
    [InlineData("Часы на начало месяца", null)]
    [InlineData("Продолжительность, дней", null)]
    [InlineData("Отработано смен", null)]
    [InlineData("Paid hours", null)]
    [InlineData("Hours (plan)", null)]
    [InlineData("Scheduled hours", null)]
    [InlineData("Часы по графику", null)]
    [InlineData("Hours to date", null)]
    [InlineData("Pay rate per hour", null)]
    [InlineData("Сумма за час", null)]
    [InlineData("Недоработано часов", null)]
    [InlineData("Опоздание, мин", null)]
    [InlineData("Время в пути, мин", null)]
    [InlineData("Дорога, часов", null)]
    [InlineData("Возраст, мин.", null)]
    [InlineData("Час сбора", null)]
    [InlineData("Академических часов", null)]
    [InlineData("Часы (1 час = 45 минут)", null)]
    [InlineData("Длительность, сек", null)]
    [InlineData("Отработано, м", null)]
    public void a_column_is_what_all_its_words_say(string header, string? field) =>
        SheetColumns.Find(["ФИО", "Дата", field == "hours" ? "Минуты" : "Часы", header])!.Headers
            .Where(column => column.Value == header).Select(column => column.Key).ShouldBe(field is null ? [] : [field]);

    [Theory]
    [InlineData("Duration (min)", "10", 10)]
    [InlineData("Duration, mins.", "10", 10)]
    [InlineData("Продолжительность (мин) факт", "10", 10)]
    [InlineData("Отработано, мин. всего", "10", 10)]
    [InlineData("Длительность смены, мин, без обеда", "10", 10)]
    [InlineData("Отработано (час:мин)", "4:30", 270)]
    [InlineData("Отработано (час:мин)", "4", null)]
    [InlineData("Часы/минуты", "4", null)]
    [InlineData("Отработано в часах и минутах", "4 ч 30 мин", 270)]
    [InlineData("Отработано", "4", 240)]
    [InlineData("Длительность мероприятия, ч;Отработано волонтёром", "8;3", 180)]
    [InlineData("Pay rate per hour;Worked", "12;4", 240)]
    public async Task a_length_has_the_unit_of_its_header(string header, string text, int? minutes) =>
        (await ReadAsync($"ФИО;Дата;{header}", $"Ким;02.05.2026;{text}")).ShouldBe(minutes);

    [Theory]
    [InlineData("Время перерыва, мин", "30", 210)]
    [InlineData("Технический перерыв, мин", "30", 210)]
    [InlineData("Длительность перерыва", "0:30", 210)]
    [InlineData("Часы отдыха", "1", 180)]
    [InlineData("Lunch hours", "1", 180)]
    [InlineData("Перерыв (ч:мин)", "1", null)]
    [InlineData("Перерыв, мин", "—", 240)]
    public async Task a_break_is_not_work(string header, string text, int? minutes) =>
        (await ReadAsync($"ФИО;Дата;Начало;Конец;{header}", $"Ким;02.05.2026;10:00;14:00;{text}")).ShouldBe(minutes);

    // Two that may both be what was worked, or a name that is nobody's who was there.
    [Theory]
    [InlineData("ФИО;Дата;Смена, ч;Отработал(а), ч", "column-twice")]
    [InlineData("Name;Date;Shift length;Hours logged", "column-twice")]
    [InlineData("ФИО;Дата;Количество часов;Верифицированные часы", "column-twice")]
    [InlineData("ФИО;Дата;Часы;Где-то отработано, ч", "column-unclear")]
    [InlineData("ФИО;Дата;Время прихода детей;Часы", "column-unclear")]
    [InlineData("Name;Date;Check-in time;Hours", "column-unclear")]
    [InlineData("ФИО;Дата;Время, ч", "column-unclear")]
    [InlineData("ФИО;Дата;Начало и окончание мероприятия;Приход;Уход", "column-twice")]
    [InlineData("ФИО;Дата;Смена, ч;Отработано по факту", "column-unclear")]
    [InlineData("ФИО;Дата вступления;Всего часов", "column-unclear")]
    [InlineData("Name;Date joined;Total hours", "column-unclear")]
    [InlineData("Name;Start Date;Total Hours", "column-unclear")]
    [InlineData("ФИО;Дата;Дата рейса;Часы", "column-unclear")]
    [InlineData("ФИО ученика;ФИО волонтёра-наставника;Дата;Часы", "column-unclear")]
    [InlineData("Фамилия;Имя;ФИО подопечного;Дата;Часы", "column-unclear")]
    [InlineData("Волонтёрский отряд;Дата;Часы", "column-missing")]
    [InlineData("ФИО подопечного;Дата;Часы", "column-unclear")]
    [InlineData("Name of event;Date;Hours", "column-missing")]
    [InlineData("ФИО;Дата;Начало;Hours left", "column-unclear")]
    public async Task what_may_be_something_else_is_not_taken(string header, string code) =>
        (await Should.ThrowAsync<RefusedException>(() => ReadAsync(header, "Ким;03.05.2026;4;5;6"))).Refusal.Code.ShouldBe(code);

    [Theory]
    [InlineData("First Name;Last Name;Volunteer Role;Date;Hours", "Anna;Kim;Steward;02.05.2026;4", "Kim Anna")]
    [InlineData("Фамилия Имя Отчество (при наличии);Дата, дд.мм.гггг;Время в часах", "Ким Анна;02.05.2026;4", "Ким Анна")]
    [InlineData("Name;Date of visit;Arrived;Left;First-time volunteer?", "Kim Anna;2026-05-02;10:00;14:00;no", "Kim Anna")]
    [InlineData("ФИО;Дата и время проведения;Часы;Время в пути", "Ким Анна;02.05.2026 10:00;4;1", "Ким Анна")]
    [InlineData("ФИО студентов;Дата занятий;Количество часов;Число мероприятий", "Ким Анна;02.05.2026;4;2", "Ким Анна")]
    [InlineData("ФИО волонтёра (полностью);Отметка времени;День (дд.мм.гггг);Часы", "Ким Анна;01.05.2026 12:00;02.05.2026;4", "Ким Анна")]
    public async Task who_was_there_is_not_somebody_else(string header, string row, string name)
    {
        var names = new List<string?>();
        var file = new MemoryStream(Encoding.UTF8.GetBytes($"{header}\n{row}"));
        await foreach (var raw in ReadSheet.Open(file, SheetFormat.Csv, null, TestContext.Current.CancellationToken).Rows)
        {
            names.Add(SheetRow.Read(raw, new ForAllRows("Europe/Moscow", new TimeOnly(9, 0)), DateTimeOffset.UtcNow).Who?.Name);
        }

        names.ShouldBe([name]);
    }

    // Nothing says whether it is meant, and the sheet says nothing else: somebody is asked.
    [Theory]
    [InlineData("ФИО;Дата;Часы по плану", "Часы по плану")]
    [InlineData("ФИО;Дата;Норма часов", "Норма часов")]
    [InlineData("ФИО;Дата;Стоимость часа", "Стоимость часа")]
    [InlineData("ФИО;Дата;Неотработанные часы", "Неотработанные часы")]
    [InlineData("ФИО;Дата;Доставка, часы", "Доставка, часы")]
    [InlineData("ФИО;Дата;1. Часы на выставке;Дорога, мин", "1. Часы на выставке", "Дорога, мин")]
    [InlineData("ФИО;Дата;Начало;Конец;Перерыв (да/нет)", "Перерыв (да/нет)")]
    [InlineData("ФИО;Дата;Начало занятий;Конец", "Начало занятий")]
    [InlineData("Время начала (Мск);ФИО;Дата;Часы", "Время начала (Мск)")]
    [InlineData("ФИО;Дата;Длительность мероприятия, ч", "Длительность мероприятия, ч")]
    [InlineData("ФИО;Дата;Начало;Окончание;Опоздание, мин", "Опоздание, мин")]
    public async Task what_is_not_clear_is_asked_about(string header, params string[] unclear)
    {
        var refused = (await Should.ThrowAsync<RefusedException>(() => ReadAsync(header, "Ким;03.05.2026;4;5;6"))).Refusal;
        refused.Code.ShouldBe("column-unclear");
        refused.Extensions["columns"].ShouldBe(unclear);
        unclear.ShouldAllBe(column => refused.Message.Contains($"«{column}»", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ФИО;Дата;Часы;Отметка о неявке", "column-of-absences")]
    [InlineData("ФИО;Дата;Часы;Отсутствие", "column-of-absences")]
    [InlineData("ФИО;Дата;Часы;Часов отсутствия", "column-of-absences")]
    [InlineData("Часы по плану;Дата", "column-unclear")]
    [InlineData("ФИО;Дата;Факт", "column-missing")]
    public async Task what_was_planned_or_missed_is_not_what_was_worked(string header, string code) =>
        (await Should.ThrowAsync<RefusedException>(() => ReadAsync(header, "Ким;03.05.2026;4;+"))).Refusal.Code.ShouldBe(code);

    [Fact]
    public async Task hours_by_plan_beside_those_that_were_worked_are_not_read() =>
        (await ReadAsync("ФИО;Дата;Начало;Часы по плану;Часы;Явка;Причина неявки", "Ким;03.05.2026;10:00;8;3;+;")).ShouldBe(180);

    private static async Task<int?> ReadAsync(params string[] lines)
    {
        var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await foreach (var row in ReadSheet.Open(file, SheetFormat.Csv, null, TestContext.Current.CancellationToken).Rows)
        {
            return SheetRow.Read(row, new ForAllRows("Europe/Moscow", new TimeOnly(9, 0)), DateTimeOffset.UtcNow).Row?.Shift.Minutes;
        }

        return null;
    }
}
