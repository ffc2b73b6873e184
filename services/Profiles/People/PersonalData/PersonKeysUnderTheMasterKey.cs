using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PersonalData;

/// <summary>The people's keys. What they encrypt stays as it is.</summary>
internal sealed class PersonKeysUnderTheMasterKey(NpgsqlDataSource database, PersonKeys keys, MasterKey master) : IUnderTheMasterKey
{
    private const int AtOnce = 1000;

    public async Task<int> RewrapAsync(CancellationToken ct)
    {
        // Some at a time: there may be millions, and each is whole by itself, whatever ends this.
        for (var count = 0; ;)
        {
            var people = new List<Guid>();
            await using (var left = database.CreateCommand("select person_id from keys.person_keys where wrapped is not null and master <> $1 limit $2"))
            {
                left.Parameters.Add(new() { Value = master.Id });
                left.Parameters.Add(new() { Value = AtOnce });
                await using var row = await left.ExecuteReaderAsync(ct);
                while (await row.ReadAsync(ct))
                {
                    people.Add(row.GetGuid(0));
                }
            }

            if (people.Count == 0)
            {
                return count;
            }

            foreach (var (person, key) in await keys.Find(people, ct))
            {
                // Nobody who was erased meanwhile gets a key again.
                await using var write = database.CreateCommand(
                    "update keys.person_keys set wrapped = $2, master = $3 where person_id = $1 and wrapped is not null");
                write.Parameters.Add(new() { Value = person });
                write.Parameters.Add(new() { Value = key.WrappedBy(master) });
                write.Parameters.Add(new() { Value = master.Id });
                count += await write.ExecuteNonQueryAsync(ct);
                key.Dispose();
            }
        }
    }
}
