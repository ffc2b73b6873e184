using Npgsql;

namespace VolunteerBook.Profiles.People.PersonalData;

/// <summary>
/// The people's keys, wrapped by the master key, in the table <c>keys.person_keys</c>: a schema of its own, so that a backup of the
/// events can leave the keys out. A destroyed key leaves its row behind, so that no new key is made for that person.
/// </summary>
public sealed class PersonKeys(NpgsqlDataSource database, MasterKey master, TimeProvider clock)
{
    /// <summary>The person's key, made now where there is none; null once it was destroyed. Of two calls at once both get the same key.</summary>
    public async Task<PersonKey?> FindOrCreate(Guid personId, CancellationToken ct)
    {
        using var fresh = PersonKey.Create(personId);
        await using var insert = database.CreateCommand(
            "insert into keys.person_keys (person_id, master, wrapped, created_at) values ($1, $2, $3, $4) on conflict do nothing");
        insert.Parameters.Add(new() { Value = personId });
        insert.Parameters.Add(new() { Value = master.Id });
        insert.Parameters.Add(new() { Value = fresh.WrappedBy(master) });
        insert.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        await insert.ExecuteNonQueryAsync(ct);
        return await Find(personId, ct);
    }

    /// <summary>The person's key, or null where it was destroyed or never made.</summary>
    public async Task<PersonKey?> Find(Guid personId, CancellationToken ct) => (await Find([personId], ct)).GetValueOrDefault(personId);

    /// <summary>The keys of these people; those destroyed or never made are left out.</summary>
    /// <exception cref="InvalidOperationException">A key was wrapped by another master key than the configured one.</exception>
    public async Task<IReadOnlyDictionary<Guid, PersonKey>> Find(IReadOnlyCollection<Guid> personIds, CancellationToken ct)
    {
        var found = new Dictionary<Guid, PersonKey>();
        await using var query = database.CreateCommand(
            "select person_id, master, wrapped from keys.person_keys where person_id = any($1) and wrapped is not null");
        query.Parameters.Add(new() { Value = personIds.ToArray() });
        await using var rows = await query.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var personId = rows.GetGuid(0);
            if (master.Called(rows.GetString(1)) is not { } wrappedBy)
            {
                throw new InvalidOperationException(
                    $"The key of {personId} was wrapped by master key {rows.GetString(1)}, but {MasterKey.Setting} holds {master.Id}.");
            }

            found[personId] = new PersonKey(personId, wrappedBy.Unwrap(personId, rows.GetFieldValue<byte[]>(2)));
        }

        return found;
    }

    /// <summary>
    /// Makes everything ever sealed under the person's key unreadable, for good. False when there was nothing to destroy.
    /// The bytes leave the table's pages when PostgreSQL next vacuums it; backups of the schema are the operator's to remove.
    /// </summary>
    public async Task<bool> Destroy(Guid personId, CancellationToken ct)
    {
        await using var update = database.CreateCommand(
            "update keys.person_keys set wrapped = null, destroyed_at = $2 where person_id = $1 and wrapped is not null");
        update.Parameters.Add(new() { Value = personId });
        update.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        return await update.ExecuteNonQueryAsync(ct) > 0;
    }
}
