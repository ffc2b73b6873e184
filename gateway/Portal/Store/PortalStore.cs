using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Portal.Store;

/// <summary>
/// The portal's own database (<c>ConnectionStrings:portal</c>): sessions, kept forms, and the keys that protect both and the cookies, themselves under
/// <c>Portal:MasterKey</c>. So a restart signs nobody out, several instances stand side by side, and what strangers send takes no memory that sessions need.
/// </summary>
public static class PortalStore
{
    // Any number will do, as long as all instances take the same.
    const long PreparationLock = 0x766F6C_706F7274;
    const int LongestWaitInSeconds = 60;

    const string Schema =
        """
        create table if not exists cookie_keys (number bigint generated always as identity primary key, xml text not null);
        create table if not exists sessions (
            key text primary key, subject text not null, authority_session text, ticket bytea not null, at timestamptz not null, expires timestamptz not null);
        create index if not exists sessions_subject on sessions (subject, at);
        create table if not exists forms (
            number bigint generated always as identity primary key, key text not null unique, visitor bytea not null, fields bytea not null,
                expires timestamptz not null);
        create index if not exists forms_visitor on forms (visitor, number);
        """;

    static readonly string[] Names = ["cookie_keys", "sessions", "sessions_subject", "forms", "forms_visitor"];

    /// <summary>Registers the database and what is kept in it.</summary>
    public static void AddPortalStore(this WebApplicationBuilder builder)
    {
        var connection = builder.Configuration.GetConnectionString("portal")
            ?? throw new InvalidOperationException("ConnectionStrings:portal is not set; it must name the portal's own database.");
        builder.Services.AddSingleton(NpgsqlDataSource.Create(connection));
        builder.Services.AddDataProtection()
            .SetApplicationName("volunteerbook-portal").ProtectKeysWith(MasterKey.Require(builder.Configuration, "Portal", builder.Environment));
        builder.Services.AddOptions<KeyManagementOptions>()
            .Configure<NpgsqlDataSource>((options, database) => options.XmlRepository = new CookieKeyTable(database));
        builder.Services.AddSingleton<IDatabaseSchema, TablesOfThePortal>()
            .AddSingleton<IVerb, DatabaseVerb>().AddSingleton<IVerb, KeysVerb>().AddSingleton<IUnderTheMasterKey, CookieKeysUnderTheMasterKey>();
        builder.Services.AddSingleton<KeptForms>();
        builder.Services.AddHostedService<ForgetWhatExpired>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseAnswers>("database");
    }

    /// <summary>A command with positional parameters.</summary>
    internal static NpgsqlCommand Command(this NpgsqlDataSource database, string sql, params ReadOnlySpan<object?> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>The tables. Servers and services may be started in any order, and instances together.</summary>
    sealed class TablesOfThePortal(NpgsqlDataSource database) : IDatabaseSchema
    {
        // One command, and so one transaction: the lock is held until the tables are there.
        public Task ApplyAsync(CancellationToken ct) => WhenItAnswersAsync(async () =>
        {
            await using var prepare = database.Command($"select pg_advisory_xact_lock({PreparationLock}); {Schema}");
            return await prepare.ExecuteNonQueryAsync(ct);
        }, ct);

        public Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken ct) => WhenItAnswersAsync<IReadOnlyList<string>>(async () =>
        {
            await using var look = database.Command("select array(select name from unnest($1::text[]) name where to_regclass(name) is null)", (object)Names);
            return [.. ((string[])(await look.ExecuteScalarAsync(ct))!).Select(name => $"{name} is missing")];
        }, ct);

        private static async Task<T> WhenItAnswersAsync<T>(Func<Task<T>> ask, CancellationToken ct)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await ask();
                }
                catch (NpgsqlException away)
                    when ((away.IsTransient || away.InnerException is IOException or System.Net.Sockets.SocketException) && attempt < LongestWaitInSeconds)
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), ct);
                }
            }
        }
    }

    sealed class CookieKeyTable(NpgsqlDataSource database) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements()
        {
            using var command = database.Command("select xml from cookie_keys order by number");
            using var rows = command.ExecuteReader();
            var keys = new List<XElement>();
            while (rows.Read()) keys.Add(XElement.Parse(rows.GetString(0)));
            return keys;
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            using var command = database.Command("insert into cookie_keys (xml) values ($1)", element.ToString(SaveOptions.DisableFormatting));
            command.ExecuteNonQuery();
        }
    }

    sealed class DatabaseAnswers(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            // What is thrown when it does not answer makes the check unhealthy.
            await using var command = database.Command("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
