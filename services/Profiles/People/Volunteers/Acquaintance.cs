using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A volunteer submitted an entry or applied to an organisation, so its coordinators may know their name.</summary>
public sealed record Acquaintance(Guid Id, Guid OrganisationId, Guid VolunteerId)
{
    /// <summary>One pair has one id: saying it again changes nothing, in whatever order it is said.</summary>
    public static Acquaintance Of(Guid organisationId, Guid volunteerId) =>
        new(Uuid.V5(organisationId, volunteerId.ToString("D")), organisationId, volunteerId);
}
