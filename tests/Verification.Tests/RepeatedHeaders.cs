using System.Text;
using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>A header again, below the first: as on each printed page it is passed over, and where it says something else nothing is read on.</summary>
[Trait("Feature", "F11")]
public sealed class RepeatedHeaders
{
    private const string Header = "№;ФИО;Дата;Начало;Часы;Примечание";

    [Theory]
    [InlineData(Header)]
    [InlineData("№;ФИО;ДАТА;НАЧАЛО;ЧАСЫ;ПРИМЕЧАНИЕ")]
    [InlineData("№;ФИО волонтёра;Дата;Начало;Часы;Прим.")]
    [InlineData("№;ФИО;Дата;Начало;Часы;Примечание;")]
    [InlineData("№;ФИО;Дата;Начало;Часы")]
    [InlineData(";(фамилия, имя, отчество);(дата);(начало);(часы);")]
    [InlineData("0;1. ФИО;2. Дата;3. Начало;4. Часы;5. Примечание")]
    [InlineData("№;1.1 ФИО;1.2 «Дата»;№3 Начало;4 - Часы;")]
    public async Task what_says_the_same_is_passed_over(string again) =>
        (await ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", again, "2;Иванов Иван;03.05.2026;11:00;5;"))
            .ShouldBe(["02.05.2026 10:00 4", "03.05.2026 11:00 5"]);

    [Theory]
    [InlineData("№;ФИО;Дата;Часы;Начало;Примечание")]
    [InlineData("№;ФИО;Дата;Часы;Начало;Группа 2")]
    [InlineData("№;ФИО;Дата 2026;Часы;Начало;")]
    [InlineData(";;;Часы;Начало;")]
    [InlineData("№;ФИО;Дата;Начало;Примечание;Часы")]
    [InlineData("№;ФИО;Группа;Дата;Начало;Часы")]
    [InlineData("№;ФИО;Дата;Начало;Минуты;Примечание")]
    [InlineData("№;ФИО;Дата;Начало;Окончание;Примечание")]
    [InlineData("ФИО;Дата;Начало;Часы")]
    [InlineData(";1. ФИО;2. Дата;3. Часы;4. Начало;")]
    [InlineData("1;ФИО;Дата;Окончание;Начало;")]
    [InlineData(";;;с;по;")]
    [InlineData("№;1.1. ФИО;1.2. Дата;1.3. Часы;1.4. Начало;")]
    [InlineData("№;1 ФИО;2 Дата;3 Часы;4 Начало;")]
    [InlineData("№;1 - ФИО;2 - Дата;3 - Часы;4 - Начало;")]
    [InlineData("№;№1 ФИО;№2 Дата;№3 Часы;№4 Начало;")]
    [InlineData(";1. (ФИО);2. (дата);3. (часы);4. (начало);")]
    [InlineData("№;ФИО;Когда;Часы;Со скольки;")]
    [InlineData("№;Координатор;Дата;Начало;Часы;Примечание")]
    [InlineData("№;ФИО руководителя;Дата;Начало;Часы;Примечание")]
    [InlineData("№;ФИО;Дата рождения;Начало;Часы;Примечание")]
    [InlineData("№;ФИО;Дата;Начало;Часы;Проект")]
    [InlineData(";;;;минут;")]
    [InlineData(";;;;(мин);")]
    [InlineData("№;Кто;Когда;С какого времени;Минут;")]
    [InlineData("№;ФИО;Дата;Начало;Часы план;")]
    [InlineData("№;ФИО;Дата;Начало;План;")]
    [InlineData("№;ФИО;Дата;Начало;Отработано (ч:мин);")]
    [InlineData("№;ФИО;Дата;Начало;Duration, min;")]
    [InlineData("№;ФИО;Дата;Начало;Длит. (мин) факт;")]
    [InlineData("№;Всего участников: 3;Дата;Начало;Минут;")]
    [InlineData("№;Итоги июня, ФИО;Дата;Начало;Минуты;")]
    [InlineData(";;;;Всего минут;")]
    public async Task what_says_something_else_is_refused_with_its_line(string other)
    {
        var refused = await Should.ThrowAsync<RefusedException>(
            () => ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", other, "2;Иванов Иван;03.05.2026;4;10;"));
        (refused.Refusal.Code, refused.Refusal.Message.Contains("Line 3 ", StringComparison.Ordinal), refused.Refusal.Extensions["line"])
            .ShouldBe(("several-headers", true, 3));
    }

    [Theory]
    [InlineData("ФИО;Дата;Начало;Конец;Перерыв, мин", "ФИО;Дата;Начало;Конец;Перерыв, ч")]
    [InlineData("ФИО;Дата;Часы;Явка", "ФИО;Дата;Часы;Неявка")]
    [InlineData("ФИО;Дата;Часы;Проект", "ФИО;Дата;Часы;Объект")]
    [InlineData("ФИО;Дата;Часы;Регион", "ФИО;Дата;Часы;Регион регистрации")]
    [InlineData("ФИО;Дата;Часы;Email", "ФИО;Дата;Часы;Email руководителя")]
    [InlineData("Код волонтёра;Дата;Часы", "Код организации;Дата;Часы")]
    [InlineData("ФИО;Дата;Отработано;", ";;часов;минут")]
    [InlineData("ФИО;Дата;Продолжительность", ";;(в минутах)")]
    [InlineData("ФИО;Дата;Отработано", ";;Всего минут")]
    [InlineData("ФИО;Дата;Отработано", ";;Total minutes")]
    [InlineData("ФИО;Дата;Отработано", ";;общее число минут")]
    [InlineData("ФИО;Дата;Отработано", ";;(ч:мин)")]
    [InlineData("ФИО;Дата;Часы", ";;час/мин")]
    [InlineData("ФИО;Дата;Отработано", ";;окончание работы")]
    [InlineData("ФИО;Дата;Часы", ";;начало смены")]
    [InlineData("ФИО;Дата;Минуты", ";;Всего часов")]
    [InlineData("ФИО;Дата;Отработано", ";;Перерыв")]
    [InlineData("ФИО;Дата;Отработано", ";;план")]
    [InlineData("ФИО;Дата;Часы", ";;по плану")]
    [InlineData("ФИО;Дата;Часы", ";;академ. час")]
    [InlineData("ФИО;Дата;Отработано", ";;смен")]
    [InlineData("ФИО;Дата;Отработано", ";;сумма минут")]
    [InlineData("ФИО;Дата;Минуты", ";;сумма часов")]
    [InlineData("ФИО;Дата;Начало;Конец;Перерыв, мин", ";;;;дней")]
    public async Task a_second_header_that_changes_any_column_is_refused(string first, string second)
    {
        var shift = ShiftUnder(first);
        var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(first, second, shift));
        (refused.Refusal.Code, refused.Refusal.Message.Contains("Line 2 ", StringComparison.Ordinal)).ShouldBe(("several-headers", true));
    }

    // Under the last shift it contradicts nothing, and a title is none.
    [Theory]
    [InlineData("Руководитель проекта;;Дата;Время;;Подпись")]
    [InlineData("Сдал;;Дата;Время;Часы не учтены;")]
    [InlineData(";;;Часы;Начало;")]
    public async Task what_stands_at_the_foot_is_a_row_that_says_nothing(string foot) =>
        (await ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", foot, "М.П.;;;;;")).Count.ShouldBe(3);

    [Theory]
    [InlineData("№;ФИО;Дата;Начало;Часы", "Акция «Час Земли»;;;;")]
    [InlineData("Дата;ФИО;Начало;Часы", "Программа «Добрый час»;;;")]
    [InlineData("Дата;ФИО;Начало;Часы", "Минута славы;;;")]
    [InlineData("Фамилия;Имя;Дата;Начало;Часы", "Часовских;Анна;;;н/я")]
    [InlineData("№;ФИО;Дата;Начало;Часы", ";(полностью);(дд.мм.гггг);(час:мин);(час)")]
    public async Task a_title_or_a_hint_directly_under_the_header_is_no_header(string header, string title)
    {
        var shift = ShiftUnder(header);
        (await ReadAsync(header, title, shift, title, shift)).Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("Итого;;;;48;", 0)]
    [InlineData("ИТОГО:;;;;;", 0)]
    [InlineData(";;;Всего часов;48;", 0)]
    [InlineData(";;;Итого часов:;;", 0)]
    [InlineData(";;Общее количество часов:;;;", 0)]
    [InlineData(";;Количество часов:;;48;", 0)]
    [InlineData("3;Итогов Пётр;;;4;", 1)]
    [InlineData("Итогова Анна;;;;4;", 1)]
    [InlineData("Всеголов;;;;4;", 1)]
    [InlineData("Итого;;03.05.2026;10:00;4;", 1)]
    [InlineData("Общий итог;;;;48;", 0)]
    [InlineData("Сумма;;;;48;", 0)]
    [InlineData("Grand Total;;;;48;", 0)]
    [InlineData("Итого за май 2026:;2 чел.;;;48;", 0)]
    [InlineData("Всего участников: 3;;;;48;", 0)]
    [InlineData("3;Итог Анна;;;4;", 1)]
    [InlineData("3;Total Anna;;;4;", 1)]
    [InlineData("3;;;;4;Итоговый концерт", 1)]
    [InlineData("Количество часов добра;;;;3;", 1)]
    public async Task totals_are_nobodys_shift_and_a_name_is_no_total(string row, int read) =>
        (await ReadAsync(Header, row)).Count.ShouldBe(read);

    // As a long text of a workbook is cut.
    [Fact]
    public void half_a_character_at_the_end_of_a_long_text_breaks_nothing() =>
        SheetColumns.Find(Header.Split(';'))!.KindOf([new string('я', 3999) + '\ud83d'], true).ShouldBe(RowKind.Shift);

    // Whose person stands there too.
    [Theory]
    [InlineData("2;;Итоговый концерт;;;3")]
    [InlineData(";;Всего хорошего, лето!;;;3")]
    [InlineData(";;Итоги года;вс, 03.05.2026;;3")]
    public async Task an_event_that_is_named_like_a_total_is_told(string row) =>
        (await ReadAsync("№;ФИО;Мероприятие;Дата;Начало;Часы", "1;Ким;Концерт;02.05.2026;10:00;4", row, "Итого;;;;;7")).Count.ShouldBe(2);

    // Whose day stands in the merged cell above.
    [Theory]
    [InlineData("Итоговый концерт;Ли;;;3")]
    [InlineData("Всего хорошего, лето!;Ли;;;3")]
    [InlineData("Итоги года;Ли Анна;;;3")]
    public async Task an_event_that_is_named_like_a_total_has_its_people(string row) =>
        (await ReadAsync("Мероприятие;ФИО;Дата;Начало;Часы", "Концерт;Ким;02.05.2026;10:00;4", row, "Итого;;;;7")).Count.ShouldBe(2);

    [Fact]
    public async Task numbers_before_the_names_of_columns_are_no_part_of_them() =>
        (await ReadAsync("1. ФИО;2. Дата;3) Начало;4. Часы", "Иванов Иван;02.05.2026;10:00;4", "1. ФИО;2. Дата;3) Начало;4. Часы", "Ким;03.05.2026;11:00;5"))
            .ShouldBe(["02.05.2026 10:00 4", "03.05.2026 11:00 5"]);

    // What may be somebody's shift, badly written, is told by its line; nothing is left out for its words.
    [Theory]
    [InlineData("2;Дмитрий Часовой;03.05.2026;10:00;4 часа;Дата уточнена")]
    [InlineData("2;Начало Анна;03.05.2026;10 часов;4 ч;Приход храма")]
    [InlineData("2;Минутка Ольга;03.05.2026;с 10:00;4;Время добра")]
    [InlineData("2;Имя;03.05.2026;10:00;4;Конец смены")]
    [InlineData("2;Иванов Иван;01.05.2026;10:00;два часа;Акция Лес")]
    [InlineData("2;Иванов Иван;01.05.2026;10:00;~4 часа;Мероприятие в парке")]
    [InlineData("2;Иванов Иван;01.05.2026;10:00;½ часа;Регион 77")]
    [InlineData("2;Волонтёр Иванов Иван;01.05.2026;;час;")]
    [InlineData("2;Иванов Иван;День города;10:00;час;Акция")]
    [InlineData("2;Иванов Иван;Дата 01.05.2026;10:00;4;Акция")]
    [InlineData("No;Full name;Date;Start;Hours;Remarks")]
    [InlineData("Участников: 1;;Часов: 4;;;")]
    [InlineData("Волонтёров;;1;часов;4;")]
    [InlineData("2;Ким;;10 часов;4 часа;")]
    [InlineData("М.П.;;;Дата;;Подпись")]
    public async Task a_row_that_is_not_the_header_again_is_read(string row) =>
        (await ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", row)).Count.ShouldBe(2);

    [Theory]
    [InlineData("Ким;02.05.2026;10:00;4", "ФИО;Дата;Начало;Часы")]
    [InlineData("Участник встречи;Когда;Во сколько;Сколько", "Ким;02.05.2026;10:00;4", "Июнь", "ФИО;Дата;Начало;Часы")]
    public async Task a_shift_above_the_header_is_told_by_its_line(params string[] above)
    {
        var faulty = new List<(int, string?)>();
        var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', [.. above, "Ли;03.05.2026;11:00;5"])));
        await foreach (var row in ReadSheet.Open(file, SheetFormat.Csv, null, TestContext.Current.CancellationToken).Rows)
        {
            faulty.AddRange(row.Unreadable is { } fault ? [(row.Line, fault.Code)] : []);
        }

        faulty.ShouldBe([(above.Length == 2 ? 1 : 2, "row-above-header")]);
    }

    private static string ShiftUnder(string header) => string.Join(';', header.Split(';').Select(column => column == "Дата" ? "04.05.2026" : "1"));

    private static async Task<List<string>> ReadAsync(params string[] lines)
    {
        var (read, broken) = (new List<string>(), new List<Fault>());
        var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await foreach (var row in ReadSheet.Open(file, SheetFormat.Csv, null, TestContext.Current.CancellationToken).Rows)
        {
            broken.AddRange(row.Unreadable is { } fault ? [fault] : []);
            read.Add(string.Join(' ', new[] { "date", "start", "hours" }.Select(field => row.Fields.GetValueOrDefault(field, "—"))));
        }

        broken.ShouldBeEmpty();
        return read;
    }
}
