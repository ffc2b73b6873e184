using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

public sealed partial class TaskTypesTests
{
    [Fact]
    public void there_are_twelve_sections_and_115_groups_and_sub_groups() =>
        (TaskTypes.Sections.Count, TaskTypes.All.Count).ShouldBe((12, 115));

    [Fact]
    public void codes_are_unique_and_in_order()
    {
        TaskTypes.All.Concat(TaskTypes.Sections).Select(type => type.Code).ShouldBeUnique();
        TaskTypes.All.Select(type => type.Code).ShouldBe(TaskTypes.All.Select(type => type.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void names_are_unique_and_written_in_their_own_alphabet()
    {
        TaskTypes.All.Select(type => type.Russian).ShouldBeUnique();
        TaskTypes.All.Select(type => type.English).ShouldBeUnique();
        foreach (var type in TaskTypes.All.Concat(TaskTypes.Sections))
        {
            RussianName().IsMatch(type.Russian).ShouldBeTrue(type.Code);
            EnglishName().IsMatch(type.English).ShouldBeTrue(type.Code);
        }
    }

    [Fact]
    public void a_sub_groups_parent_is_its_group_and_a_groups_parent_its_section()
    {
        foreach (var type in TaskTypes.All)
        {
            if (type.Code.EndsWith('0'))
            {
                type.Parent.ShouldBe(type.Code[..1]);
                TaskTypes.Sections.ShouldContain(section => section.Code == type.Parent);
            }
            else
            {
                type.Parent.ShouldBe(type.Code[..2] + "0");
                TaskTypes.Find(type.Parent).ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public void every_section_has_groups() =>
        TaskTypes.All.Where(type => type.Code.EndsWith('0')).Select(type => type.Parent).Distinct()
            .ShouldBe(TaskTypes.Sections.Select(section => section.Code));

    [Fact]
    public void a_task_type_is_found_by_its_code() => TaskTypes.Find("D12").ShouldNotBeNull().Russian.ShouldBe("Помощь пожилым");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("D")]
    [InlineData("d12")]
    [InlineData("Z10")]
    public void nothing_else_is_found(string? code) => TaskTypes.Find(code).ShouldBeNull();

    [GeneratedRegex("^[А-ЯЁ][а-яё, -]+$")]
    private static partial Regex RussianName();

    [GeneratedRegex("^[A-Z][a-z,' -]+$")]
    private static partial Regex EnglishName();
}
