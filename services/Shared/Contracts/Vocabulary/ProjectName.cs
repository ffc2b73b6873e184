using System.Globalization;
using System.Text;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>When two spellings name one project or programme. People write names as they hear them, and computers in more than one form of Unicode.</summary>
public static class ProjectName
{
    /// <summary>
    /// Whether both are the same name: whatever case, spaces, form of Unicode, quotation marks and dashes they are written with, and with ё or е.
    /// </summary>
    public static bool Same(string? one, string? other) => one == other || (one is not null && other is not null && Key(one) == Key(other));

    /// <summary>What all spellings of a name have in common, and no other name has. Not for people to read.</summary>
    public static string Key(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var key = new StringBuilder(name.Length);
        foreach (var written in Composed(name).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(written))
            {
                if (key.Length > 0 && key[^1] != ' ')
                {
                    key.Append(' ');
                }
            }
            else if (Rune.GetUnicodeCategory(written) is UnicodeCategory.DashPunctuation)
            {
                key.Append('-');
            }
            else if (!IsUnwritten(written))
            {
                key.Append(Rune.ToUpperInvariant(written));
            }
        }

        return key.Replace('Ё', 'Е').ToString().TrimEnd();
    }

    // Compatibility forms, too: a ligature, a full-width letter or a no-break space is written for the plain one. An acute accent that stands alone would
    // become a space. What is no Unicode text stays.
    private static string Composed(string name)
    {
        try
        {
            return name.Replace('´', '\'').Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }

    // Quotation marks, and what is not seen: soft hyphens, joiners, marks of direction.
    private static bool IsUnwritten(Rune written) =>
        Rune.GetUnicodeCategory(written) is UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.Format
        || written.Value is '"' or '\'' or '`' or 'ʼ' or '„' or '‚' or '〝' or '〞' or '〟';
}
