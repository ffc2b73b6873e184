namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary>A colleague was invited by mail to act for an organisation. Whom the mail went to is in no event.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="By">The coordinator who invited.</param>
/// <param name="Until">First instant at which the link no longer serves, UTC.</param>
/// <param name="At">When, UTC.</param>
public sealed record ColleagueInvited(Guid OrganisationId, Guid By, DateTimeOffset Until, DateTimeOffset At);

/// <summary>Somebody with the link, signed in, accepted: they are a coordinator from now on.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="PersonId">Who accepted.</param>
/// <param name="At">When, UTC.</param>
public sealed record InvitationAccepted(Guid OrganisationId, Guid PersonId, DateTimeOffset At);

/// <summary>The organisation took an invitation back.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="By">The coordinator who did.</param>
/// <param name="At">When, UTC.</param>
public sealed record InvitationWithdrawn(Guid OrganisationId, Guid By, DateTimeOffset At);

/// <summary>Where an invitation stands; one whose time has passed is open and serves no more.</summary>
public enum InvitationStatus
{
    Open,
    Accepted,
    Withdrawn,
}

/// <summary>An invitation to act for an organisation: its link serves once, within its time.</summary>
public sealed record Invitation(Guid OrganisationId, Guid By, DateTimeOffset Until, DateTimeOffset At)
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public InvitationStatus Status { get; init; }

    public Guid? AcceptedBy { get; init; }

    public bool Serves(DateTimeOffset now) => Status == InvitationStatus.Open && now < Until;

    public static Invitation Create(ColleagueInvited invited) => new(invited.OrganisationId, invited.By, invited.Until, invited.At);

    public Invitation Apply(InvitationAccepted accepted) => this with { Status = InvitationStatus.Accepted, AcceptedBy = accepted.PersonId };

    public Invitation Apply(InvitationWithdrawn _) => this with { Status = InvitationStatus.Withdrawn };
}
