using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity;

/// <summary>
/// Which passwords will do, as NIST SP 800-63B-4 (3.1.1.2) asks where a password is all there is: at least fifteen code points, none of them
/// prescribed, and not one of those that are tried first. It is judged when it is chosen, and never asked to be changed.
/// </summary>
public sealed class Passwords(IStringLocalizer<Texts> texts) : IPasswordValidator<Account>
{
    /// <summary>In code points.</summary>
    public const int Shortest = 15;

    /// <summary>In UTF-16 units; only so that nobody has a megabyte hashed.</summary>
    public const int Longest = 1024;

    // A password is taken for a common one when nothing but this remains beside one or two known pieces.
    const int Pieces = 2, Rest = 4, ShortestPiece = 3;

    static readonly string[] Common = ReadCommon();

    // What people put in the place of letters.
    static readonly Dictionary<char, char> Disguises =
        new() { ['@'] = 'a', ['4'] = 'a', ['3'] = 'e', ['1'] = 'i', ['!'] = 'i', ['0'] = 'o', ['$'] = 's', ['5'] = 's', ['7'] = 't' };

    public Task<IdentityResult> ValidateAsync(UserManager<Account> manager, Account user, string? password)
    {
        var text = Normalise(password ?? "");
        return Task.FromResult(
            text.EnumerateRunes().Count() < Shortest ? Failed("PasswordTooShort", Shortest)
            : text.Length > Longest ? Failed("PasswordTooLong", Longest)
            : IsTriedFirst(text, user.Email ?? user.UserName ?? "") ? Failed("PasswordTriedFirst")
            : IdentityResult.Success);
    }

    /// <summary>One form of the same letters (NFC), whatever keyboard composed them.</summary>
    public static string Normalise(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: no text, but no reason to fail either.
            return password;
        }
    }

    /// <summary>
    /// Pure: whether the whole password is made of what everybody tries: common passwords, runs and repetitions, the address, the product's name.
    /// </summary>
    public static bool IsTriedFirst(string password, string address)
    {
        var plain = password.ToLowerInvariant().Replace('ё', 'е');
        var own = address.ToLowerInvariant().Replace('ё', 'е');
        var known = own.Split('@', '.', '-', '_', '+').Append(Letters(own.Split('@')[0])).Append(Letters(own))
            .Where(part => part.Length >= ShortestPiece).OrderByDescending(part => part.Length).Concat(Common).ToArray();
        return IsMadeOf(Letters(plain), known) || IsMadeOf(Letters(string.Concat(plain.Select(c => Disguises.GetValueOrDefault(c, c)))), known);
    }

    static bool IsMadeOf(string text, string[] known)
    {
        // Signs and emoji alone are nobody's list.
        if (text.Length == 0) return false;

        var pieces = new HashSet<string>();
        text = WithoutRepetition(text);
        foreach (var piece in known)
        {
            if (!text.Contains(piece, StringComparison.Ordinal)) continue;
            pieces.Add(piece);
            text = text.Replace(piece, " ", StringComparison.Ordinal);
        }

        text = WithoutRuns(text, pieces);
        return pieces.Count <= Pieces && text.EnumerateRunes().Count(rune => !Rune.IsWhiteSpace(rune)) <= Rest;
    }

    // abcabcabc is abc.
    static string WithoutRepetition(string text)
    {
        for (var period = 1; period <= text.Length / 2; period++)
        {
            if (Enumerable.Range(period, text.Length - period).All(at => text[at] == text[at - period])) return text[..period];
        }

        return text;
    }

    // 1234567, 987654 and aaaa are one piece each.
    static string WithoutRuns(string text, HashSet<string> pieces)
    {
        var rest = new StringBuilder();
        for (var from = 0; from < text.Length;)
        {
            var to = from + 1;
            if (to < text.Length && text[to] - text[from] is var step and >= -1 and <= 1)
            {
                while (to < text.Length && (text[to] - text[to - 1] == step || (step != 0 && char.IsDigit(text[to]) && (text[to] - text[to - 1]) % 9 == 0)))
                    to++;
            }

            var run = text[from..to];
            if (run.Length >= 4) pieces.Add(run);
            else rest.Append(run);
            from = to;
        }

        return rest.ToString();
    }

    static string Letters(string text) => string.Concat(text.EnumerateRunes().Where(Rune.IsLetterOrDigit));

    IdentityResult Failed(string text, params object[] arguments) =>
        IdentityResult.Failed(new IdentityError { Code = text, Description = string.Format(CultureInfo.CurrentCulture, texts[text], arguments) });

    // The longest first, so that a piece is not taken for a part of itself.
    static string[] ReadCommon()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("common-passwords.txt")!);
        return [.. reader.ReadToEnd().Split('\n').Where(line => !line.StartsWith('#')).SelectMany(line => line.Split(
            ' ', StringSplitOptions.RemoveEmptyEntries)).Where(piece => piece.Length >= ShortestPiece).Distinct().OrderByDescending(piece => piece.Length)];
    }
}
