namespace VolunteerBook.ServiceDefaults;

/// <summary>Names of the authorisation rules. What a coordinator may do is decided by membership in the domain, never by a policy alone.</summary>
public static class Policies
{
    /// <summary>A person, through the portal or an app.</summary>
    public const string Volunteer = nameof(Volunteer);

    /// <summary>A person or an organisation's system that may be a coordinator; the domain decides of which organisation.</summary>
    public const string Coordinator = nameof(Coordinator);

    /// <summary>The portal's administrator.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>Reads event feeds.</summary>
    public const string Analyst = nameof(Analyst);

    /// <summary>An agency's machine; the domain decides which agency it is, and the volunteers' grants what it may read.</summary>
    public const string Agency = nameof(Agency);

    /// <summary>A service of ours, reading another's integration feed.</summary>
    public const string Integration = nameof(Integration);
}
