using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Caching.Distributed;

namespace VolunteerBook.Portal.Forms;

/// <summary>Keeps for a quarter of an hour what was typed into a form that was sent after the session had ended.</summary>
public sealed class KeptForms(IDistributedCache cache)
{
    const int LongestForm = 64 * 1024;

    /// <summary>Keeps the form of a request and gives the path that shows it again; without the form when it is too big.</summary>
    public async Task<string> Keep(HttpRequest request)
    {
        var path = request.PathBase + request.Path + request.QueryString;
        if (request.ContentLength is null or > LongestForm) return path;

        var form = await request.ReadFormAsync();
        var number = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var fields = form.ToDictionary(field => field.Key, field => field.Value.ToString());
        await cache.SetAsync("form:" + number, JsonSerializer.SerializeToUtf8Bytes(fields),
            new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(15) });
        return QueryHelpers.AddQueryString(path, "kept", number);
    }

    /// <summary>The fields that a request's <c>kept</c> number stands for, or null.</summary>
    public async Task<Dictionary<string, string>?> Find(HttpRequest request) =>
        request.Query["kept"].ToString() is { Length: 32 } number && await cache.GetAsync("form:" + number) is { } bytes
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)
            : null;
}

/// <summary>Registration.</summary>
public static class KeptFormsSetup
{
    /// <summary>
    /// A form whose antiforgery token no longer holds, as after signing in again in another tab, is shown once more for sending.
    /// From another site it is refused.
    /// </summary>
    public static void UseKeptForms(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            await next(context);
            return;
        }

        // Only where the token is known to be wrong may the form still be read: it is kept to be looked at, and not acted on.
        context.Features.Set<IAntiforgeryValidationFeature>(null);
        if (context.Request.Headers["Sec-Fetch-Site"] == "same-origin" && context.Request.HasFormContentType)
        {
            context.Response.Redirect(await context.RequestServices.GetRequiredService<KeptForms>().Keep(context.Request));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    });


    /// <summary>Needs an <see cref="IDistributedCache"/>, which sign-in registers.</summary>
    public static void AddKeptForms(this IServiceCollection services) => services.AddSingleton<KeptForms>();
}
