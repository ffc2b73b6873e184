namespace VolunteerBook.Portal;

/// <summary>
/// Who runs the site, as they say themselves in the configuration below <c>Portal:Contacts</c>. What is left out is not shown, and nothing is made up.
/// </summary>
/// <param name="Name">The legal name, with a registration number if it should be shown.</param>
/// <param name="Address">The postal address.</param>
/// <param name="Email">For questions and for requests about personal data.</param>
/// <param name="Phone">As it should be read.</param>
/// <param name="Hours">When one is answered, in words.</param>
public sealed record Operator(string? Name = null, string? Address = null, string? Email = null, string? Phone = null, string? Hours = null)
{
    /// <summary>What the configuration says.</summary>
    public static Operator Of(IConfiguration configuration) => configuration.GetSection("Portal:Contacts").Get<Operator>() ?? new();

    /// <summary>Whether there is any way to reach them.</summary>
    public bool CanBeReached => Address is not null || Email is not null || Phone is not null;
}
