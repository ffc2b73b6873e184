namespace VolunteerBook.Identity;

/// <summary>The roles that a token may carry.</summary>
public static class AccountRoles
{
    public const string Administrator = "administrator";
    public const string Analyst = "analyst";
}
