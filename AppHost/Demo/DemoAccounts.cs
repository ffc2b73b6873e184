using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Demo;

/// <summary>
/// The accounts that Identity has while its demo switch is on. The named ones sign in with <see cref="Password"/>; all of them by the demo grant.
/// </summary>
public static class DemoAccounts
{
    /// <summary>Password of the named accounts.</summary>
    public const string Password = "Volunteer-Book-1";

    /// <summary>The grant type that gives an account's token without its password.</summary>
    public const string Grant = "urn:volunteerbook:demo";

    /// <summary>The client that may use the grant.</summary>
    public const string ClientId = "demo";

    /// <summary>Its secret.</summary>
    public const string ClientSecret = "demo-secret";

    /// <summary>A volunteer.</summary>
    public const string Anna = "anna@demo.volunteerbook.example";

    /// <summary>Coordinator of the first organisation.</summary>
    public const string Pavel = "pavel@demo.volunteerbook.example";

    /// <summary>Coordinator of the second organisation.</summary>
    public const string Olga = "olga@demo.volunteerbook.example";

    /// <summary>The portal's administrator.</summary>
    public const string Admin = "admin@demo.volunteerbook.example";

    /// <summary>An analyst.</summary>
    public const string Analyst = "analyst@demo.volunteerbook.example";

    /// <summary>How many unnamed volunteers there are.</summary>
    public const int Volunteers = 300;

    /// <summary>How many unnamed coordinators there are.</summary>
    public const int Coordinators = 12;

    /// <summary>An unnamed volunteer, from 1.</summary>
    public static string Volunteer(int number) => string.Create(CultureInfo.InvariantCulture, $"volunteer-{number:000}@demo.volunteerbook.example");

    /// <summary>An unnamed coordinator, from 1.</summary>
    public static string Coordinator(int number) => string.Create(CultureInfo.InvariantCulture, $"coordinator-{number:00}@demo.volunteerbook.example");

    /// <summary>The account's subject: the same for a user name everywhere.</summary>
    public static Guid Id(string userName)
    {
        ArgumentNullException.ThrowIfNull(userName);
        return Uuid.V5(Uuid.Url, "https://volunteerbook.example/accounts/" + userName.ToLowerInvariant());
    }
}
