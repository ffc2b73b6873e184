using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Nothing goes to an organisation without a name. An endpoint that needs one is open to people whom Profiles knows: it is asked with the caller's own token,
/// before a connection or a lock is taken. A yes is remembered, since a book is not taken away; a no is not, so that who registers goes on at once.
/// </summary>
public static class RequiredName
{
    /// <summary>409: the caller has not said who they are.</summary>
    public static Refusal NoName { get; } = Refusal.Conflict("no-name", "Register as a volunteer first: nothing goes to an organisation without a name.");

    private static readonly Refusal Away =
        new(
            "unavailable", StatusCodes.Status503ServiceUnavailable,
            "We cannot check just now whether your name is on record; send the same request again in a moment.");

    /// <summary>Marks an endpoint that a caller without a name may not enter.</summary>
    public static RouteHandlerBuilder RequireName(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new Needed());

    /// <summary>The asking of Profiles, under its name among the services.</summary>
    public static WebApplicationBuilder AddRequiredNames(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Named>();
        builder.Services.AddHttpClient(nameof(RequiredName), client =>
        {
            client.BaseAddress = new Uri("http://profiles");
            client.Timeout = TimeSpan.FromSeconds(5);
        });
        return builder;
    }

    /// <summary>Stands before whatever opens a transaction.</summary>
    public static WebApplication UseRequiredNames(this WebApplication app)
    {
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<Needed>() is not null && new Caller(http.User) is { IsPerson: true } caller
                && !await http.RequestServices.GetRequiredService<Named>().KnowsAsync(caller, http))
            {
                throw new RefusedException(NoName);
            }

            await next(http);
        });
        return app;
    }

    private sealed class Needed;

    private sealed class Named(IHttpClientFactory clients)
    {
        private const int Most = 100_000;
        private readonly ConcurrentDictionary<Guid, bool> known = new();

        public async Task<bool> KnowsAsync(Caller caller, HttpContext http)
        {
            if (known.ContainsKey(caller.Id))
            {
                return true;
            }

            if (!await AskAsync(http))
            {
                return false;
            }

            // Asking again is cheap; remembering everybody for ever is not.
            if (known.Count >= Most)
            {
                known.Clear();
            }

            known[caller.Id] = true;
            return true;
        }

        private async Task<bool> AskAsync(HttpContext http)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/volunteers/me");
                request.Headers.Authorization = AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization.ToString());
                using var response = await clients.CreateClient(nameof(RequiredName)).SendAsync(request, http.RequestAborted);
                return response.StatusCode != HttpStatusCode.NotFound
                    && (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Profile>(Json.Options, http.RequestAborted))?.Name is not null;
            }
            catch (Exception failure)
                when (failure is HttpRequestException or TaskCanceledException or ExecutionRejectedException && !http.RequestAborted.IsCancellationRequested)
            {
                throw new RefusedException(Away);
            }
        }
    }

    /// <summary>As much of a person's own profile as is asked for; without a name it was erased.</summary>
    private sealed record Profile(object? Name);
}
