using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using NpgsqlTypes;

namespace VolunteerBook.Portal.Store;

/// <summary>
/// Sessions with their tokens, on the server: the browser holds no more than a session's key, and a session that was ended is ended for every copy of it.
/// </summary>
public sealed class TicketStore(NpgsqlDataSource database, IDataProtectionProvider protection, TimeProvider clock) : ITicketStore
{
    // More than anyone has browsers; the one used longest ago makes room.
    const int MostOfAPerson = 20;

    static readonly TimeSpan Longest = TimeSpan.FromHours(12);
    readonly IDataProtector protector = protection.CreateProtector("VolunteerBook.Portal.TicketStore");

    /// <inheritdoc/>
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var subject = ticket.Principal.FindFirst("sub")?.Value ?? "";
        await using var insert = database.Command(
            """
            with kept as (insert into sessions (key, subject, authority_session, ticket, at, expires) values ($1, $2, $3, $4, $5, $6))
            delete from sessions where key in (select key from sessions where subject = $2 order by at desc offset $7)
            """,
            key, subject, null, Protect(ticket), clock.GetUtcNow(), Expiry(ticket), MostOfAPerson - 1);
        insert.Parameters[2] = new() { Value = (object?)ticket.Principal.FindFirst("sid")?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
        await insert.ExecuteNonQueryAsync();
        return key;
    }

    /// <summary>Keeps a session that was changed. One that was ended meanwhile stays ended.</summary>
    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        await using var update = database.Command(
            "update sessions set ticket = $2, at = $3, expires = $4 where key = $1", key, Protect(ticket), clock.GetUtcNow(), Expiry(ticket));
        await update.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        await using var select = database.Command("select ticket from sessions where key = $1 and expires > $2", key, clock.GetUtcNow());
        return await select.ExecuteScalarAsync() is byte[] bytes ? TicketSerializer.Default.Deserialize(protector.Unprotect(bytes)) : null;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string key)
    {
        await using var delete = database.Command("delete from sessions where key = $1", key);
        await delete.ExecuteNonQueryAsync();
    }

    /// <summary>Ends the sessions that began in one of the authority's, or, where it names none, all of the person's.</summary>
    public async Task EndAsync(string? authoritySession, string? subject)
    {
        if (authoritySession is null && subject is null) return;
        await using var delete = authoritySession is null
            ? database.Command("delete from sessions where subject = $1", subject)
            : database.Command("delete from sessions where authority_session = $1", authoritySession);
        await delete.ExecuteNonQueryAsync();
    }

    byte[] Protect(AuthenticationTicket ticket) => protector.Protect(TicketSerializer.Default.Serialize(ticket));

    DateTimeOffset Expiry(AuthenticationTicket ticket) => (ticket.Properties.ExpiresUtc ?? clock.GetUtcNow() + Longest).ToUniversalTime();
}
