using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace VolunteerBook.Gateway;

/// <summary>
/// What a caller says about itself in X-Forwarded-* and Forwarded means nothing: it is removed before anything reads it, and the services
/// get what the gateway sees. Only proxies in front of the gateway (<c>Gateway:Proxies</c>, addresses or networks) are believed.
/// </summary>
public static class Proxies
{
    static readonly string[] AlsoRemoved =
        ["Forwarded", "X-Real-IP", "X-Original-For", "X-Original-Host", "X-Original-Proto", "X-Original-URL", "X-Rewrite-URL"];

    public static void AddProxies(this WebApplicationBuilder builder) => builder.Services.Configure<ForwardedHeadersOptions>(options =>
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in Configured(builder.Configuration))
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
            else options.KnownProxies.Add(IPAddress.Parse(proxy));
        }
    });

    public static void UseProxies(this WebApplication app)
    {
        if (Configured(app.Configuration).Length > 0) app.UseForwardedHeaders();
        app.Use((http, next) =>
        {
            var headers = http.Request.Headers;
            foreach (var name in AlsoRemoved) headers.Remove(name);
            foreach (var name in headers.Keys)
            {
                if (!name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)) continue;
                RemoveForwarded(headers);
                break;
            }

            return next(http);
        });
    }

    static void RemoveForwarded(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(n => n.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)).ToArray()) headers.Remove(name);
    }

    static string[] Configured(IConfiguration configuration) => configuration.GetSection("Gateway:Proxies").Get<string[]>() ?? [];
}
