namespace VolunteerBook.Verification.Sheets;

/// <summary>A row of a table as it stands there.</summary>
/// <param name="Sheet">Its sheet, from 0.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Texts">Its cells.</param>
/// <param name="Unreadable">What is wrong with it; null where it can be read.</param>
/// <param name="SheetName">How the sheet is named, where sheets have names.</param>
internal readonly record struct TableRow(int Sheet, int Line, IReadOnlyList<string> Texts, string? Unreadable = null, string? SheetName = null)
{
    /// <summary>The most rows that stand above a header.</summary>
    public const int MostAboveHeader = 30;

    /// <summary>The most columns that are looked at: what a row costs grows with them.</summary>
    public const int MostColumns = 200;

    /// <summary>The most characters that a cell may have.</summary>
    public const int MostCharacters = 4000;

    public bool IsEmpty => Texts.All(text => text.Length == 0);
}
