using Marten;
using VolunteerBook.Profiles.Registry.Invitations;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>Who knows whom by name through the work for an organisation.</summary>
internal static class Colleagues
{
    /// <summary>
    /// Who chose to act for these organisations: registered one, or accepted its invitation. Their colleagues know them by name, also when they have gone. An
    /// appointment by id is nobody's own doing: a name learned by it would be anybody's to learn.
    /// </summary>
    public static async Task<IReadOnlySet<Guid>> ColleaguesAsync(
        this IQuerySession session, IReadOnlyCollection<Organisation> organisations, CancellationToken ct)
    {
        var of = organisations.Select(organisation => organisation.Id).ToArray();
        var accepted = await session.Query<Invitation>()
            .Where(invitation => invitation.OrganisationId.IsOneOf(of) && invitation.Status == InvitationStatus.Accepted).ToListAsync(ct);
        return organisations.Select(organisation => organisation.RegisteredBy).Concat(accepted.Select(invitation => invitation.AcceptedBy!.Value)).ToHashSet();
    }
}
