namespace VolunteerBook.Vacancies.Organisations;

/// <summary>Profiles said that an organisation may receive volunteers.</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Version">The organisation's version in Profiles: it grows with each fact, until an earlier store of Profiles is restored.</param>
/// <param name="At">When Profiles recorded it, UTC.</param>
public sealed record OrganisationApproved(string Name, long Version, DateTimeOffset At);

/// <summary>Profiles said that an organisation is suspended: it seeks nobody, and records nobody's attendance.</summary>
/// <param name="Version">The organisation's version in Profiles: it grows with each fact, until an earlier store of Profiles is restored.</param>
/// <param name="At">When Profiles recorded it, UTC.</param>
public sealed record OrganisationSuspended(long Version, DateTimeOffset At);

/// <summary>Profiles said that an organisation is suspended no longer.</summary>
/// <param name="Version">The organisation's version in Profiles: it grows with each fact, until an earlier store of Profiles is restored.</param>
/// <param name="At">When Profiles recorded it, UTC.</param>
public sealed record OrganisationReinstated(long Version, DateTimeOffset At);

/// <summary>Profiles said that a person acts for an organisation for a period.</summary>
/// <param name="PersonId">The coordinator.</param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after it, UTC; null while it has no end.</param>
/// <param name="Version">The organisation's version in Profiles: it grows with each fact, until an earlier store of Profiles is restored.</param>
/// <param name="At">When Profiles recorded it, UTC.</param>
public sealed record CoordinatorAppointed(Guid PersonId, DateTimeOffset From, DateTimeOffset? Until, long Version, DateTimeOffset At);

/// <summary>Profiles said that a person no longer acts for an organisation.</summary>
/// <param name="PersonId">The former coordinator.</param>
/// <param name="Version">The organisation's version in Profiles: it grows with each fact, until an earlier store of Profiles is restored.</param>
/// <param name="At">When Profiles recorded it, UTC.</param>
public sealed record CoordinatorRemoved(Guid PersonId, long Version, DateTimeOffset At);
