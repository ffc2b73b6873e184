namespace VolunteerBook.Portal;

/// <summary>Roles that a token may carry.</summary>
public static class Roles
{
    /// <summary>May approve organisations.</summary>
    public const string Administrator = "administrator";

    /// <summary>Reads events of all services.</summary>
    public const string Analyst = "analyst";
}
