using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace VolunteerBook.Identity;

/// <summary>
/// Who may say what the browser really asked for: this machine and <c>Identity:Proxies</c> (addresses or networks, such as 10.1.0.0/16).
/// From anyone else the headers mean nothing.
/// </summary>
public static class Proxies
{
    public static void AddProxies(this WebApplicationBuilder builder) => builder.Services.Configure<ForwardedHeadersOptions>(options =>
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        foreach (var proxy in builder.Configuration.GetSection("Identity:Proxies").Get<string[]>() ?? [])
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network)) options.KnownIPNetworks.Add(network);
            else if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
            else throw new StartRefusedException($"Identity:Proxies: {proxy} is neither an address nor a network.");
        }
    });
}
