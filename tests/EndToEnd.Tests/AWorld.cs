using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>An approved organisation with a coordinator and a registered key, made through the real use cases.</summary>
public sealed class AWorld : IDisposable
{
    private static int number = Random.Shared.Next(1_000_000, 900_000_000);
    private static int person = 100;

    private AWorld(Api nobody, Organisation organisation, Api coordinator, OrganisationKey key) =>
        (Nobody, Organisation, Coordinator, Key) = (nobody, organisation, coordinator, key);

    public Api Nobody { get; }

    public Organisation Organisation { get; }

    public Api Coordinator { get; }

    public OrganisationKey Key { get; }

    public static async Task<AWorld> MakeAsync(Api nobody, string coordinator = DemoAccounts.Pavel)
    {
        var person = nobody.Person(coordinator);
        var founded = await person.FoundOrganisationAsync(nobody.Person(DemoAccounts.Admin), new NewOrganisation("Тёплый дом", NextOgrn(), "RU-MOW"));
        var key = new OrganisationKey();
        await person.RegisterKeyAsync(founded.Id, key, "Ключ");
        return new AWorld(nobody, founded, person, key);
    }

    /// <summary>An ОГРН nobody has, with its check digit: the first twelve digits modulo eleven, modulo ten.</summary>
    public static string NextOgrn()
    {
        var twelve = (102_700_000_000L + (Interlocked.Increment(ref number) % 1_000_000_000L)).ToString(CultureInfo.InvariantCulture);
        return twelve + (long.Parse(twelve, CultureInfo.InvariantCulture) % 11 % 10).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A volunteer whom no other test has. Two tests that put one person's work at the same hours would each find some of it
    /// counted in the other's, whichever comes first.
    /// </summary>
    public static string NextVolunteer() => DemoAccounts.Volunteer(Interlocked.Increment(ref person));

    /// <summary>The local start of a shift that has begun and is not over.</summary>
    public static DateTime AnHourAgoInMoscow()
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddHours(-1), TimeZoneInfo.FindSystemTimeZoneById("Europe/Moscow"));
        return new DateTime(local.Year, local.Month, local.Day, local.Hour, local.Minute, 0, DateTimeKind.Unspecified);
    }

    /// <summary>What a volunteer may log with this organisation.</summary>
    public NewEntry AnEntry(bool submit = true, int minutes = 120, int day = 1) => new(
        Organisation.Id, "Забота рядом", "D12", "RU-MOW",
        [new Shift(new DateTime(2025, 3, 1, 10, 0, 0, DateTimeKind.Unspecified).AddDays(day), "Europe/Moscow", minutes)], null, submit);

    public void Dispose() => Key.Dispose();
}
