namespace VolunteerBook.Reporting.Organisations;

/// <summary>An organisation is called so.</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Region">ISO 3166-2 code of its region.</param>
/// <param name="ProfileVersion">The version of the organisation's own stream in Profiles: the higher one is the later.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationNamed(string Name, string Region, long ProfileVersion, DateTimeOffset At);

/// <summary>What the figures call an organisation.</summary>
public sealed record Organisation
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public required string Name { get; init; }

    public required string Region { get; init; }

    /// <summary>Of the latest word from Profiles.</summary>
    public long ProfileVersion { get; init; }

    public static Organisation Create(OrganisationNamed e) => new() { Name = e.Name, Region = e.Region, ProfileVersion = e.ProfileVersion };

    public Organisation Apply(OrganisationNamed e) => this with { Name = e.Name, Region = e.Region, ProfileVersion = e.ProfileVersion };
}
