using System.Text;
using VolunteerBook.Profiles.People.Volunteers;

namespace VolunteerBook.Profiles.People.PeopleLists;

/// <summary>Whether a volunteer may be the one whom a sheet names. Pure.</summary>
public sealed class WhoIsMeant
{
    private readonly string[] words;
    private readonly string? email;

    public WhoIsMeant(ListedPerson person)
    {
        Person = person;
        words = Words(person.Name);
        email = person.Email?.Trim();
    }

    /// <summary>As the sheet says it.</summary>
    public ListedPerson Person { get; }

    /// <summary>
    /// Null where nothing of what is said fits; true where all does, false where a part does: the address but not the name, or a name that is shortened.
    /// </summary>
    public bool? Agrees(PersonalDetails details)
    {
        var byEmail = email is not null && string.Equals(email, details.Contacts.Email, StringComparison.OrdinalIgnoreCase);
        var byName = Named(details.Name);
        return !byEmail && byName is null ? null : (email is null || byEmail) && (words.Length == 0 || byName == true);
    }

    // «Иванова Анна Петровна», «Анна Иванова», «Иванова А. П.»; true where the given name is written out. A patronymic counts where both tell it.
    private bool? Named(PersonName name)
    {
        var (family, given, patronymic) = (Words(name.Family), Words(name.Given), Words(name.Patronymic));
        if (words.Length < family.Length + 1)
        {
            return words.Length > 0 && words.SequenceEqual(family) ? false : null;
        }

        var rest = words.AsSpan(..family.Length).SequenceEqual(family) ? words[family.Length..]
            : words.AsSpan(^family.Length..).SequenceEqual(family) ? words[..^family.Length]
            : null;
        if (rest is null)
        {
            return null;
        }

        var whole = rest.AsSpan().StartsWith(given);
        if (!whole && !Shortens(rest[0], given[0]))
        {
            return null;
        }

        var last = rest[(whole ? given.Length : 1)..];
        return last.Length == 0 || patronymic.Length == 0 || last.SequenceEqual(patronymic) ? whole
            : Shortens(last[0], patronymic[0]) && last.Length == 1 ? false
            : null;
    }

    private static bool Shortens(string written, string word) => written.Length == 1 && word.StartsWith(written, StringComparison.Ordinal);

    /// <summary>The words of a name as they are compared: without case, with ё as е.</summary>
    internal static string[] Words(string? name) =>
        (name ?? "").Normalize(NormalizationForm.FormC)
            .ToUpperInvariant().Replace('Ё', 'Е').Split([' ', '.', ',', '\u00A0', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
