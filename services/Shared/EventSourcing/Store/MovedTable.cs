using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// A table that lay in <c>public</c> in stores of an earlier version and lies in a schema of its own now. It is moved as it is, with its rows and indexes,
/// before the store's tables are looked at. Instances of before go on meanwhile: under the old name there is a view of it, which takes what they write; no code
/// of this version asks for it, and it can be dropped when none of them runs any more.
/// </summary>
/// <param name="Schema">Where it lies.</param>
/// <param name="Name">Its name, there and before.</param>
internal sealed record MovedTable(string Schema, string Name)
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200);

    /// <summary>What is to be done, as a sentence.</summary>
    public string Pending => $"public.{Name} is to be moved to {Schema}";

    /// <summary>Whether it is still in its old place.</summary>
    public async Task<bool> IsPendingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var look = new NpgsqlCommand("select exists (select from pg_class where oid = to_regclass($1) and relkind = 'r')", connection);
        look.Parameters.Add(new() { Value = $"public.{Name}" });
        return (bool)(await look.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Moves it where it is still in its old place; otherwise does nothing.</summary>
    /// <exception cref="InvalidOperationException">There is one in either place: whose rows count, only somebody who knows how that came can say.</exception>
    public async Task MoveAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (!await IsPendingAsync(connection, ct))
        {
            return;
        }

        await using (var there = new NpgsqlCommand($"select to_regclass('{Schema}.{Name}') is not null", connection))
        {
            if ((bool)(await there.ExecuteScalarAsync(ct))!)
            {
                throw new InvalidOperationException(
                    $"There are both public.{Name}, from an earlier version, and {Schema}.{Name}. Drop the one whose rows you do not need, and start again.");
            }
        }

        while (!await MovedAsync(connection, ct))
        {
            // Somebody reads it for long. Who waits for the table makes all others wait behind.
            await Task.Delay(Again, ct);
        }
    }

    private async Task<bool> MovedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Of what is asked for between the two statements nothing is refused: they are one.
        await using var move = new NpgsqlCommand(
            $"""
            do $$
            begin
                set local lock_timeout = '200ms';
                create schema if not exists {Schema};
                alter table public.{Name} set schema {Schema};
                create view public.{Name} as select * from {Schema}.{Name};
            end
            $$
            """, connection);
        try
        {
            await move.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }
}
