using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Tests;

/// <summary>What a decision starts from: streams folded from events, at a fixed time.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 5, 9, 12, 0, 0, TimeSpan.Zero);

    public const string OgrnText = "1027700132195";

    public static readonly Guid Registrant = new("0198c0de-0000-7000-8000-000000000001");

    public static readonly Guid OrganisationId = Ogrn.IdOf(OgrnText);

    public static object Registered { get; } = new OrganisationRegistered(OrganisationId, "Рука помощи", OgrnText, "RU-MOW", Registrant, Now.AddDays(-30));

    public static object[] Approved { get; } =
    [
        Registered,
        new OrganisationApproved(OrganisationId, "Рука помощи", "RU-MOW", Now.AddDays(-29)),
        Appointed(Registrant, Now.AddDays(-29)),
    ];

    public static CoordinatorAppointed Appointed(Guid person, DateTimeOffset from, DateTimeOffset? until = null) =>
        new(OrganisationId, person, from, until, from);

    public static Organisation Organisation(params object[] events) =>
        events.Aggregate((Organisation?)null, (organisation, e) => (organisation, e) switch
        {
            (null, OrganisationRegistered registered) => Profiles.Registry.Organisations.Organisation.Create(registered),
            ({ } known, OrganisationRegisteredAgain again) => known.Apply(again),
            ({ } known, OrganisationApproved approved) => known.Apply(approved),
            ({ } known, OrganisationRefused refused) => known.Apply(refused),
            ({ } known, OrganisationCorrected corrected) => known.Apply(corrected),
            ({ } known, OrganisationSuspended suspended) => known.Apply(suspended),
            ({ } known, OrganisationReinstated reinstated) => known.Apply(reinstated),
            ({ } known, CoordinatorAppointed appointed) => known.Apply(appointed),
            ({ } known, CoordinatorRemoved removed) => known.Apply(removed),
            ({ } known, SigningKeyRegistered registered) => known.Apply(registered),
            ({ } known, SigningKeyRevoked revoked) => known.Apply(revoked),
            _ => throw new InvalidOperationException($"{e.GetType().Name} does not follow here."),
        })!;

    public static Volunteer Volunteer(string region = "RU-MOW") =>
        Profiles.People.Volunteers.Volunteer.Create(new VolunteerRegistered(Registrant, region, "sealed", Now.AddDays(-1)));
}
