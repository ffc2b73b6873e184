using Microsoft.AspNetCore.Components;

namespace VolunteerBook.Portal.Parts;

/// <summary>A column of a <see cref="DataTable{TItem}"/>; the first one of a table names its rows.</summary>
/// <typeparam name="TItem">What a row is made of.</typeparam>
/// <param name="Title">The heading; on a phone it stands beside each value.</param>
/// <param name="Cell">What a row shows in it.</param>
public sealed record Column<TItem>(string Title, RenderFragment<TItem> Cell)
{
    /// <summary>A column of plain text.</summary>
    public Column(string title, Func<TItem, string> text) : this(title, item => builder => builder.AddContent(0, text(item)))
    {
    }

    /// <summary>Figures stand below each other, and are sorted with the largest first.</summary>
    public bool IsNumber { get; init; }

    /// <summary>Styles of its cells, besides those of a figure.</summary>
    public string? Class { get; init; }

    /// <summary>What the address calls the order with the least first; null where rows cannot be sorted so.</summary>
    public string? Ascending { get; init; }

    /// <summary>What it calls the order with the largest first; null where rows cannot be sorted so.</summary>
    public string? Descending { get; init; }

    /// <summary>What the table sorts by, where it has all rows: a text, a number or a date. Where they come page by page, the API sorts.</summary>
    public Func<TItem, object?>? By { get; init; }

    /// <summary>The same column, by which a table that has all rows sorts both ways.</summary>
    /// <param name="name">What the address calls it; with a minus before it, from the largest on.</param>
    /// <param name="by">See <see cref="By"/>.</param>
    public Column<TItem> SortedAs(string name, Func<TItem, object?> by) => this with { Ascending = name, Descending = "-" + name, By = by };

    internal string? CellClass => IsNumber ? $"number {Class}".TrimEnd() : Class;
}
