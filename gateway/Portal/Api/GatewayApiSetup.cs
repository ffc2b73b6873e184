using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace VolunteerBook.Portal.Api;

/// <summary>Registration of the clients of the API.</summary>
public static class GatewayApiSetup
{
    /// <summary>The gateway's address is <c>services:gateway:http:0</c>.</summary>
    public static void AddGatewayApi(this WebApplicationBuilder builder)
    {
        var gateway = builder.Configuration["services:gateway:http:0"]
            ?? throw new InvalidOperationException("services:gateway:http:0 is not set; it must be the address of the gateway.");
        var client = builder.Services.AddHttpClient<GatewayApi>(http => http.BaseAddress = new Uri(gateway.TrimEnd('/') + "/"));
        // A person waits for the page: one quick second try instead of the services' patient ones, and only for reading.
#pragma warning disable EXTEXP0001 // Marked as in preview; there is no other way to leave out the handler that ServiceDefaults gives every client.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddResilienceHandler("page", resilience => resilience
            .AddRetry(Retry())
            .AddTimeout(TimeSpan.FromSeconds(10)));
        builder.Services.AddTransient<Profiles>();
        builder.Services.AddTransient<Ledger>();
        builder.Services.AddTransient<Documents>();
        builder.Services.AddTransient<Exchange>();
        builder.Services.AddTransient<Verification>();
        builder.Services.AddTransient<Vacancies>();
        builder.Services.AddTransient<Reporting>();
        builder.Services.AddTransient<Notifications>();
        builder.Services.AddTransient<Names>();
        builder.Services.AddTransient<Queue>();
        builder.Services.AddTransient<EventFeeds>();
        builder.Services.AddTransient<AdministratorsWork>();
        builder.Services.AddSingleton<SiteMap>();
        builder.Services.AddSingleton<LookAtSite>();
        var status = builder.Services.AddHttpClient(LookAtSite.Client, http =>
        {
            http.BaseAddress = new Uri(gateway.TrimEnd('/') + "/");
            http.Timeout = TimeSpan.FromSeconds(4);
        });
#pragma warning disable EXTEXP0001 // As above: what does not answer at once is what it is there to tell.
        status.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
    }

    static HttpRetryStrategyOptions Retry()
    {
        var retry = new HttpRetryStrategyOptions { MaxRetryAttempts = 1, Delay = TimeSpan.FromMilliseconds(200) };
        retry.DisableForUnsafeHttpMethods();
        return retry;
    }

    /// <summary>The most that the API gives of a list at once, for a query.</summary>
    public const string Most = "200";

    /// <summary>A query string of the parts that have a value.</summary>
    public static string Query(params ReadOnlySpan<(string Name, string? Value)> parts)
    {
        var query = "";
        foreach (var (name, value) in parts)
        {
            if (!string.IsNullOrEmpty(value)) query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return query;
    }
}
