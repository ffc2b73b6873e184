using System.Net;
using System.Net.Sockets;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// Tells addresses of the public Internet from those behind our own walls, which nobody outside may have us call (server-side request forgery).
/// </summary>
public static class PublicAddresses
{
    // What IANA's special-purpose registries do not list as globally reachable (RFC 6890 and its updates), multicast, and what maps or tunnels IPv4 into IPv6.
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    // All of the public Internet lies in 2000::/3; these parts of it do not.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] NotPublic6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Whether the address is one of the public Internet.</summary>
    public static bool IsPublic(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => IsPublic(address.MapToIPv4()),
        { AddressFamily: AddressFamily.InterNetwork } => !NotPublic.Any(network => network.Contains(address)),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Global6.Contains(address) && !NotPublic6.Any(network => network.Contains(address)),
        _ => false,
    };
}
