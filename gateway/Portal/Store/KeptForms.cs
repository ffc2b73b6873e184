using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Portal.Store;

/// <summary>
/// Keeps for a quarter of an hour what was typed into a form that was sent after the session had ended. Whoever sends one need not have signed in, so an
/// address has few places, and its earlier forms make room for its later ones; all addresses together have a bound as well.
/// </summary>
public sealed class KeptForms(NpgsqlDataSource database, IDataProtectionProvider protection, MasterKey master, TimeProvider clock)
{
    const int LongestForm = 64 * 1024, MostOfAnAddress = 20, MostOfAll = 5_000;

    static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    readonly IDataProtector protector = protection.CreateProtector("VolunteerBook.Portal.KeptForms");

    /// <summary>
    /// Keeps the form of a request and gives the path that shows it again; without the form when it is too big, or when there is no place for it.
    /// </summary>
    public async Task<string> Keep(HttpRequest request)
    {
        var path = request.PathBase + request.Path + request.QueryString;
        if (request.ContentLength is null or > LongestForm) return path;

        var form = await request.ReadFormAsync();
        var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var fields = JsonSerializer.SerializeToUtf8Bytes(form.ToDictionary(field => field.Key, field => field.Value.ToString()));
        var now = clock.GetUtcNow();
        await using var keep = database.Command(
            """
            with
                old as (delete from forms where expires <= $1
                    or number in (select number from forms where visitor = $2 order by number desc offset $3) returning number)
            insert into forms (key, visitor, fields, expires) select $4, $2, $5, $6 where (select count(*) from forms) - (select count(*) from old) < $7
            """,
            now, master.Fingerprint($"{request.HttpContext.Connection.RemoteIpAddress}", "visitor"),
            MostOfAnAddress - 1, key, protector.Protect(fields), now + Kept, MostOfAll);
        return await keep.ExecuteNonQueryAsync() > 0 ? QueryHelpers.AddQueryString(path, "kept", key) : path;
    }

    /// <summary>The fields that a request's <c>kept</c> number stands for, or null.</summary>
    public async Task<Dictionary<string, string>?> Find(HttpRequest request)
    {
        if (request.Query["kept"].ToString() is not { Length: 32 } key) return null;
        await using var find = database.Command("select fields from forms where key = $1 and expires > $2", key, clock.GetUtcNow());
        return await find.ExecuteScalarAsync() is byte[] bytes ? JsonSerializer.Deserialize<Dictionary<string, string>>(protector.Unprotect(bytes)) : null;
    }
}
