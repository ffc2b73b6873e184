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

    public async Task<IReadOnlyList<Guid>> DecidersAsync(IQuerySession session, Guid organisation, DateTimeOffset now, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(organisation, ct) is not { Status: OrganisationStatus.Approved } found)
        {
            return [];
        }

        var deputies = await session.Query<Deputy>().Where(deputy => deputy.OrganisationId == organisation && deputy.Until > now).ToListAsync(ct);
        return
        [
            .. found.Coordinators.Where(coordinator => coordinator.IsInForce(now)).Select(coordinator => coordinator.PersonId)
                .Concat(deputies.Where(deputy => deputy.IsInForce(found, now)).Select(deputy => deputy.PersonId)).Distinct(),
        ];
    }

    public async Task<Guid?> RegisteredByAsync(IQuerySession session, Guid organisation, CancellationToken ct) =>
        (await session.LoadAsync<Organisation>(organisation, ct))?.RegisteredBy;

    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(
        IQuerySession session, IReadOnlyCollection<Guid> organisations, CancellationToken ct) =>
        (await session.LoadManyAsync<Organisation>(ct, organisations.ToArray()))
            .ToDictionary(organisation => organisation.Id, organisation => organisation.Name);

    public async Task<IReadOnlyList<EndingKey>> KeysEndingAsync(IQuerySession session, DateTimeOffset from, DateTimeOffset until, CancellationToken ct)
    {
        // Asked once an hour of all organisations: no index is worth it.
        var organisations = await session.QueryAsync<Organisation>(
            """
            where data ->> 'status' = 'Approved' and exists (select from jsonb_array_elements(data -> 'keys') signing
                where signing ->> 'revokedAt' is null and (signing ->> 'validUntil')::timestamptz > ? and (signing ->> 'validUntil')::timestamptz <= ?)
            """, ct, from, until);
        return
        [
            .. organisations.SelectMany(organisation => organisation.Keys
                .Where(key => key.RevokedAt is null && key.ValidUntil > from && key.ValidUntil <= until
                    && !organisation.Keys.Any(next => Follows(next, key)))
                .Select(key => new EndingKey(organisation.Id, key.Kid, key.ValidFrom, key.ValidUntil!.Value))),
        ];
    }

    // It signs on without a gap.
    private static bool Follows(SigningKey next, SigningKey key) => next.RevokedAt is null && next.ValidFrom <= key.ValidUntil
        && (next.ValidUntil is null || next.ValidUntil > key.ValidUntil);

    private static async Task<IReadOnlyList<Organisation>> WorkedForAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct) =>
        [.. (await session.CoordinatedByAsync(person, now, ct))
            .Concat(await session.DeputisedByAsync(person, now, ct)).DistinctBy(organisation => organisation.Id)];
}
