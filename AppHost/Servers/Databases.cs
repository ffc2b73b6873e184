using Npgsql;

namespace VolunteerBook.AppHost.Servers;

/// <summary>A database for each service, owned by a role of its own that is no superuser and enters no other.</summary>
public static class Databases
{
    /// <summary>Makes the databases that do not exist yet; what stood in them before there were such roles is handed over.</summary>
    /// <param name="server">A connection string of the superuser, without a database.</param>
    /// <param name="passwords">Names, which are the roles' as well (plain identifiers), and the roles' passwords (letters and digits).</param>
    public static async Task MakeAsync(string server, IReadOnlyDictionary<string, string> passwords, CancellationToken cancellationToken)
    {
        foreach (var (name, password) in passwords)
        {
            await MakeAsync(server, name, password, cancellationToken);
        }
    }

    private static async Task MakeAsync(string server, string name, string password, CancellationToken cancellationToken)
    {
        await using (var all = await OpenAsync(server, "postgres", cancellationToken))
        {
            if (await ValueAsync(all, $"select 1 from pg_roles where rolname = '{name}'", cancellationToken) is null)
            {
                await ValueAsync(all, $"create role {name}", cancellationToken);
            }

            await ValueAsync(all, $"alter role {name} with login nosuperuser nocreatedb nocreaterole noreplication password '{password}'", cancellationToken);
            if (await ValueAsync(all, $"select 1 from pg_database where datname = '{name}'", cancellationToken) is null)
            {
                await ValueAsync(all, $"create database {name} owner {name}", cancellationToken);
            }

            await ValueAsync(all, $"alter database {name} owner to {name}; revoke all on database {name} from public", cancellationToken);
        }

        await using var own = await OpenAsync(server, name, cancellationToken);
        var handOver = (string?)await ValueAsync(
            own,
            $"""
            select string_agg(format('alter %s %s owner to {name}', kind, name), ';') from (
                select 'schema', nspname::regnamespace::text, nspowner, oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
                union all select case relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view'
                    else 'table' end, oid::regclass::text, relowner, oid from pg_class
                    where relkind in ('r', 'p', 'S', 'v', 'm')
                        and relnamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
                union all select 'routine', oid::regprocedure::text, proowner, oid from pg_proc
                    where pronamespace not in (select oid from pg_namespace where nspname ~ '^pg_' or nspname = 'information_schema')
            ) as old (kind, name, owner, oid)
            where owner = 'postgres'::regrole and not exists (select from pg_depend where objid = old.oid and deptype in ('a', 'i', 'e'))
            """,
            cancellationToken) ?? "";
        await ValueAsync(own, $"alter schema public owner to {name}; {handOver}", cancellationToken);
    }

    private static async Task<NpgsqlConnection> OpenAsync(string server, string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection($"{server};Database={database};Pooling=false;Timeout=60");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task<object?> ValueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken) is var value and not DBNull ? value : null;
    }
}
