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
    public async Task what_says_the_same_is_passed_over(string again) =>
        (await ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", again, "2;Иванов Иван;03.05.2026;11:00;5;")).ShouldBe(["02.05.2026 10:00 4", "03.05.2026 11:00 5"]);

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
    public async Task what_says_something_else_is_refused_with_its_line(string other)
    {
        var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", other, "2;Иванов Иван;03.05.2026;4;10;"));
        (refused.Refusal.Code, refused.Refusal.Message.Contains("Line 3 ", StringComparison.Ordinal)).ShouldBe(("several-headers", true));
    }

    [Fact]
    public async Task numbers_before_the_names_of_columns_are_no_part_of_them() =>
        (await ReadAsync("1. ФИО;2. Дата;3) Начало;4. Часы", "Иванов Иван;02.05.2026;10:00;4", "1. ФИО;2. Дата;3) Начало;4. Часы", "Ким;03.05.2026;11:00;5")).ShouldBe(["02.05.2026 10:00 4", "03.05.2026 11:00 5"]);

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
    public async Task a_row_that_is_not_the_header_again_is_read(string row) =>
        (await ReadAsync(Header, "1;Иванов Иван;02.05.2026;10:00;4;", row)).Count.ShouldBe(2);

    private static async Task<List<string>> ReadAsync(params string[] lines)
    {
        var read = new List<string>();
        var file = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        await foreach (var row in ReadSheet.Open(file, SheetFormat.Csv, null, TestContext.Current.CancellationToken).Rows)
        {
            row.Unreadable.ShouldBeNull();
            read.Add(string.Join(' ', new[] { "date", "start", "hours" }.Select(field => row.Fields.GetValueOrDefault(field, "—"))));
        }

        return read;
    }
}
