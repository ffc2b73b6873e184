using Marten;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Registry;

/// <summary>Answers the people's part out of the registry's own documents.</summary>
internal sealed class RegistryForPeople : IRegistry
{
    public async Task<IReadOnlyList<Guid>> OrganisationsOfAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct) =>
        [.. (await WorkedForAsync(session, person, now, ct)).Select(organisation => organisation.Id)];

    public async Task<WorkForOrganisations> WorkOfAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct)
    {
        var organisations = await WorkedForAsync(session, person, now, ct);
        return new([.. organisations.Select(organisation => organisation.Id)], await session.ColleaguesAsync(organisations, ct));
    }

    private static async Task<IReadOnlyList<Organisation>> WorkedForAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct) =>
        [.. (await session.CoordinatedByAsync(person, now, ct))
            .Concat(await session.DeputisedByAsync(person, now, ct)).DistinctBy(organisation => organisation.Id)];
}
