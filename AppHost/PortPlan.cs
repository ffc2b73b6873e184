using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VolunteerBook.AppHost;

/// <summary>Which port of loopback is whose: each counted from one base, so that the addresses stay what they are over restarts.</summary>
/// <param name="Base">The gateway's.</param>
public sealed record PortPlan(int Base)
{
    private static readonly Dictionary<string, int> Services = new()
    {
        ["gateway"] = 0,
        ["portal"] = 1,
        ["identity"] = 2,
        ["profiles"] = 3,
        ["ledger"] = 4,
        ["verification"] = 5,
        ["vacancies"] = 6,
        ["reporting"] = 7,
        ["mail"] = 8,
        ["ledger-2"] = 14,
    };

    /// <summary>The services.</summary>
    public static IReadOnlyCollection<string> Names => Services.Keys;

    public int PostgreSql => Base + 100;

    public int Amqp => Base + 101;

    public int Distribution => Base + 102;

    public int Management => Base + 103;

    public int PortMapper => Base + 104;

    /// <summary>Where the mail catcher takes mail; what it caught is shown at its own port.</summary>
    public int Smtp => Base + 105;

    public int Dashboard => Base + 110;

    public int OtlpGrpc => Base + 111;

    public int OtlpHttp => Base + 112;

    public int ResourceService => Base + 113;

    /// <summary>A service's own.</summary>
    public int Of(string service) => Base + Services[service];

    /// <summary>Sees that nobody listens on any of them, or does not for long.</summary>
    /// <exception cref="RefusedException">Somebody does; the message names the port and whose it is.</exception>
    public async Task SeeThatAllAreFreeAsync(bool dashboard, TimeSpan within)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200))
        {
            try
            {
                SeeThatAllAreFree(dashboard);
                return;
            }
            catch (RefusedException) when (clock.Elapsed < within)
            {
                // Not yet.
            }
        }
    }

    private void SeeThatAllAreFree(bool dashboard)
    {
        IEnumerable<(int Port, string Whose)> all = Services.Keys.Select(name => (Of(name), name))
            .Concat(
            [
                (PostgreSql, "PostgreSQL"),
                (Amqp, "RabbitMQ"),
                (Distribution, "RabbitMQ's distribution"),
                (Management, "RabbitMQ's management"),
                (PortMapper, "RabbitMQ's port mapper"),
                (Smtp, "the mail catcher"),
            ])
            .Concat(dashboard ? [(Dashboard, "the dashboard"), (OtlpGrpc, "the dashboard's OTLP receiver (gRPC)"), (
                OtlpHttp, "the dashboard's OTLP receiver (HTTP)"), (ResourceService, "the dashboard's source")] : []);
        if (all.FirstOrDefault(each => !IsFree(each.Port)) is { Whose: not null } taken)
        {
            throw new RefusedException($"Port {taken.Port}, for {taken.Whose}, is taken. Stop what listens there, or choose other ports with --port-base.");
        }
    }

    private static bool IsFree(int port) => IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            // A kernel without this family: nobody can listen there.
            return true;
        }
    }
}
