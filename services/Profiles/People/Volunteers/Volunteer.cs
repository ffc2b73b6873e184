namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A consent to the processing of personal data.</summary>
/// <param name="Version">The text that was agreed to: one of <see cref="Contracts.Vocabulary.ConsentTexts"/>.</param>
/// <param name="At">When, UTC.</param>
public sealed record Consent(string Version, DateTimeOffset At);

/// <summary>A volunteer. Who they are is only in <see cref="Personal"/>, which their own key opens.</summary>
public sealed record Volunteer(Guid Id, string Region, string Personal, DateTimeOffset RegisteredAt, Consent? Consent = null)
{
    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public static Volunteer Create(VolunteerRegistered registered) =>
        new(registered.VolunteerId, registered.Region, registered.Personal, registered.At);

    public Volunteer Apply(VolunteerProfileChanged changed) => this with { Region = changed.Region, Personal = changed.Personal };

    public Volunteer Apply(ConsentGiven given) => this with { Consent = new Consent(given.Version, given.At) };
}
