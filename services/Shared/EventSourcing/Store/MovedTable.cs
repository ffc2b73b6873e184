using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// A table that lay in <c>public</c> in stores of an earlier version and lies in a schema of its own now. It is moved as it is, with its rows and indexes, before the store's tables are looked at. Instances of
/// before go on meanwhile: under the old name there is a view of it, which takes what they write; no code of this version asks for it, and it can be dropped when none of them runs any more.
/// </summary>
/// <param name="Schema">Where it lies.</param>
/// <param name="Name">Its name, there and before.</param>
internal sealed record MovedTable(string Schema, string Name)
{
    /// <summary>Moves it where it is still in its old place; otherwise does nothing.</summary>
    public async Task MoveAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Of what is asked for between the two statements nothing is refused: they are one.
        await using var move = new NpgsqlCommand(
            $"""
            do $$
            begin
                if exists (select from pg_class where oid = to_regclass('public.{Name}') and relkind = 'r') and to_regclass('{Schema}.{Name}') is null then
                    create schema if not exists {Schema};
                    alter table public.{Name} set schema {Schema};
                    create view public.{Name} as select * from {Schema}.{Name};
                end if;
            end
            $$
            """, connection);
        await move.ExecuteNonQueryAsync(ct);
    }
}
