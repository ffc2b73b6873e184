using System.Net;
using System.Net.Sockets;

namespace VolunteerBook.Native;

/// <summary>TCP ports on loopback.</summary>
public static class Ports
{
    /// <summary>Whether nobody listens on the port, on loopback of either family.</summary>
    public static bool IsFree(int port) => IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    /// <summary>
    /// A base such that base + each offset is free now, below the range from which the system takes ports of outgoing connections.
    /// </summary>
    public static int FreeBase(IReadOnlyCollection<int> offsets)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var candidate = Random.Shared.Next(100, 300) * 100;
            if (offsets.All(offset => IsFree(candidate + offset)))
            {
                return candidate;
            }
        }

        throw new LauncherException("No free ports were found between 10000 and 30000.");
    }

    /// <summary>A port that is free now, below the same range and above the bases, for what is to listen later.</summary>
    public static int Free() => Enumerable.Range(30_200, 2_500).OrderBy(_ => Random.Shared.Next()).First(IsFree);

    private static bool IsFree(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // A kernel without this family: nobody can listen there.
            return true;
        }
    }
}
