namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A person became a volunteer. The stream's id is the person's.</summary>
/// <param name="VolunteerId">The person: the subject of their tokens.</param>
/// <param name="Region">ISO 3166-2 code of the region they live in.</param>
/// <param name="Personal"><see cref="PersonalDetails"/>, sealed under the person's key.</param>
/// <param name="At">When, UTC.</param>
public sealed record VolunteerRegistered(Guid VolunteerId, string Region, string Personal, DateTimeOffset At);

/// <summary>A volunteer consented to the processing of their personal data. The last consent is the one that holds.</summary>
/// <param name="VolunteerId">The person.</param>
/// <param name="Version">The text that they agreed to: one of <see cref="Contracts.Vocabulary.ConsentTexts"/>.</param>
/// <param name="At">When, UTC.</param>
public sealed record ConsentGiven(Guid VolunteerId, string Version, DateTimeOffset At);

/// <summary>A volunteer changed what they had told about themself.</summary>
/// <param name="VolunteerId">The person.</param>
/// <param name="Region">ISO 3166-2 code of the region, changed or not.</param>
/// <param name="Changed">Names of the fields that changed: <c>name</c>, <c>birthDate</c>, <c>region</c>, <c>contacts</c>.</param>
/// <param name="Personal"><see cref="PersonalDetails"/> as a whole, sealed under the person's key.</param>
/// <param name="At">When, UTC.</param>
public sealed record VolunteerProfileChanged(Guid VolunteerId, string Region, IReadOnlyList<string> Changed, string Personal, DateTimeOffset At);
