using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A person's name, each part of 1 to 100 characters.</summary>
public sealed record PersonName(string Family, string Given, string? Patronymic = null)
{
    /// <summary>«Иванова Анна Петровна».</summary>
    public override string ToString() => Patronymic is null ? $"{Family} {Given}" : $"{Family} {Given} {Patronymic}";
}

/// <summary>How to reach a person, as far as they tell.</summary>
/// <param name="Email">An e-mail address of at most 254 characters.</param>
/// <param name="Phone">Country code and number: <c>+79161234567</c>. Spaces, hyphens and brackets are dropped; a Russian 8 becomes +7.</param>
public sealed record Contacts(string? Email = null, string? Phone = null);

/// <summary>What a volunteer tells about themself: personal data, never stored or sent on unencrypted.</summary>
public sealed partial record PersonalDetails(PersonName Name, DateOnly BirthDate, Contacts Contacts)
{
    /// <summary>Name of this set of fields where it is sealed. It stands in stored ciphertext, so it never changes.</summary>
    public const string FieldSet = "volunteer-details";

    private const int YoungestAge = 8;
    private const int OldestAge = 120;

    /// <summary>The details in the form that is kept, or every rule that they break. Age counts in the region where the person lives.</summary>
    internal static (PersonalDetails Details, Refusal? Refusal) Check(
        PersonName name, DateOnly birthDate, string region, Contacts? contacts, DateTimeOffset now)
    {
        var (called, nameless) = Check(name);
        var details = new PersonalDetails(
            called,
            birthDate,
            new Contacts(Text.Clean(contacts?.Email), Dial(contacts?.Phone)));

        return (details, Refusal.All(
        [
            nameless,
            CheckBirthDate(birthDate, Today(region, now)),
            VocabularyRules.Region("region", region),
            CheckEmail(details.Contacts.Email),
            details.Contacts.Phone is { } phone && !PhoneNumber().IsMatch(phone)
                ? Refusal.Invalid("phone-shape", "contacts.phone", "The phone number must have its country code and 7 to 15 digits, as +79161234567.")
                : null,
        ]));
    }

    /// <summary>A name in the form that is kept, or every rule that it breaks.</summary>
    internal static (PersonName Name, Refusal? Refusal) Check(PersonName name) => (
        new PersonName(Text.Clean(name.Family) ?? "", Text.Clean(name.Given) ?? "", Text.Clean(name.Patronymic)),
        Refusal.All(
        [
            CheckName("name.family", name.Family, required: true),
            CheckName("name.given", name.Given, required: true),
            CheckName("name.patronymic", name.Patronymic, required: false),
        ]));

    private static Refusal? CheckName(string field, string? value, bool required) =>
        (required ? Rules.Line(field, Text.Clean(value), 100) : Rules.OptionalLine(field, Text.Clean(value), 100))
        ?? (Text.Clean(value) is { } name && !name.Any(char.IsLetter) ? Refusal.Invalid("name-letters", field, "A name must have letters.") : null);

    private static Refusal? CheckBirthDate(DateOnly birthDate, DateOnly today) => birthDate > today
        ? Refusal.Invalid("birth-date-in-the-future", "birthDate", "The birth date must not be in the future.")
        : AgeOn(today, birthDate) is < YoungestAge or > OldestAge
            ? Refusal.Invalid("age-out-of-range", "birthDate", $"The person must be {YoungestAge} to {OldestAge} years old.")
            : null;

    private static int AgeOn(DateOnly today, DateOnly birthDate) =>
        // By month and day, not by AddYears: born on 29 February, a person is a year older on 1 March of a common year.
        today.Year - birthDate.Year - ((today.Month, today.Day).CompareTo((birthDate.Month, birthDate.Day)) < 0 ? 1 : 0);

    private static DateOnly Today(string region, DateTimeOffset now) => DateOnly.FromDateTime(
        Regions.Find(region) is { } known ? TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(known.Zone)).DateTime : now.UtcDateTime);

    private static Refusal? CheckEmail(string? email) =>
        Rules.OptionalLine("contacts.email", email, 254)
        ?? (email is not null && (!EmailShape().IsMatch(email) || !MailAddress.TryCreate(email, out _))
            ? Refusal.Invalid("email-shape", "contacts.email", "The e-mail address must look like name@example.org.")
            : null);

    private static string? Dial(string? phone)
    {
        if (Text.Clean(phone) is not { } written)
        {
            return null;
        }

        // A number from a telephone's contacts has codes for its direction around it.
        var digits = string.Concat(
            written.Where(c => !char.IsWhiteSpace(c) && c is not ('-' or '(' or ')') && char.GetUnicodeCategory(c) != UnicodeCategory.Format));
        return digits is ['8', _, _, _, _, _, _, _, _, _, _] ? "+7" + digits[1..] : digits;
    }

    [GeneratedRegex(@"^[^@\s\p{Cc}\p{Cf}<>""]{1,64}@[^@\s\p{Cc}\p{Cf}<>""]+\.[^@\s\p{Cc}\p{Cf}<>"".]{2,}\z", RegexOptions.CultureInvariant)]
    private static partial Regex EmailShape();

    // E.164: up to 15 digits, the country code first. \z, because $ would let a line feed pass.
    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneNumber();
}
