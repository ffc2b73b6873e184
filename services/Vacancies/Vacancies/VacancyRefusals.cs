using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>Where the state of a vacancy forbids what is asked.</summary>
public static class VacancyRefusals
{
    /// <summary>An organisation that is absent, and one that the caller does not coordinate: both look the same.</summary>
    public static Refusal OrganisationNotFound { get; } =
        new("organisation-not-found", StatusCodes.Status404NotFound, "You do not coordinate an organisation with this id.", "organisationId");

    public static Refusal OrganisationNotApproved { get; } =
        Refusal.Conflict("organisation-not-approved", "The administrator must approve the organisation first.");

    /// <summary>The refusal of everything by which a suspended organisation would seek somebody or evidence work.</summary>
    public static Refusal OrganisationSuspended { get; } = Refusal.Conflict(
        "organisation-suspended", "The administrator has suspended this organisation; this is possible again once the suspension is lifted.");

    public static Refusal Closed { get; } = Refusal.Conflict("vacancy-closed", "The vacancy is closed and takes no more applications.");

    /// <summary>Some of the shifts are full; the problem's <c>shiftIds</c> says which.</summary>
    public static Refusal NoPlacesLeft(IEnumerable<Guid> full) => Refusal.Conflict("no-places-left", "All places in one of these shifts are taken.") with
    {
        Extensions = new Dictionary<string, object?> { ["shiftIds"] = full.ToArray() },
    };
}
