using System.Text;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

public sealed class ProjectNameTests
{
    [Theory]
    [InlineData("Забота рядом", "ЗАБОТА РЯДОМ")]
    [InlineData("Забота рядом", "  Забота\u00A0  рядом\t")]
    [InlineData("Тёплый дом", "Теплый дом")]
    [InlineData("ТЁПЛЫЙ ДОМ", "теплый дом")]
    [InlineData("Проект «Забота рядом»", "Проект \"Забота рядом\"")]
    [InlineData("Проект “Забота рядом„", "Проект 'Забота рядом'")]
    [InlineData("« Забота рядом »", "Забота рядом")]
    [InlineData("Чистый берег — 2026", "Чистый берег - 2026")]
    [InlineData("Ёлочка", "Е\u0308лочка")]
    [InlineData("Чистый\u00AD берег", "Чистый берег")]
    [InlineData("Олимп 2026", "Олимп ２０２６")]
    public void one_name_in_two_spellings_is_the_same(string one, string other) => ProjectName.Same(one, other).ShouldBeTrue();

    [Theory]
    [InlineData("Чистый берег")]
    [InlineData("Ёжик в тумане")]
    [InlineData("Café für alle")]
    public void the_form_of_unicode_does_not_matter(string name)
    {
        name.Normalize(NormalizationForm.FormD).ShouldNotBe(name);
        ProjectName.Same(name, name.Normalize(NormalizationForm.FormD)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Забота рядом", "Забота рядом 2")]
    [InlineData("Забота рядом", "Заботарядом")]
    [InlineData("Мир", "Мирь")]
    [InlineData("Чистый берег", "Чистыи берег")]
    [InlineData("Забота", null)]
    [InlineData("\uD800", "\uDC00 мир")]
    public void other_names_are_others(string one, string? other) => ProjectName.Same(one, other).ShouldBeFalse();
}
