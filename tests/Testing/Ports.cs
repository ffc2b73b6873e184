using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VolunteerBook.Testing;

/// <summary>
/// TCP ports on loopback. A port that was handed out is this process's until it ends: nobody else who asks here gets it, and nobody tries it, which
/// would hold it for a moment, just as its owner begins to listen.
/// </summary>
public static class Ports
{
    // A file for each port, locked by who has it; the system lets go of it with the process, also when that is killed.
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "volunteerbook-ports-" + Environment.UserName);
    private static readonly ConcurrentDictionary<int, FileStream> Ours = new();

    /// <summary>Whether nobody listens on the port, on loopback of either family.</summary>
    public static bool IsFree(int port) => IsFree(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || IsFree(IPAddress.IPv6Loopback, port));

    /// <summary>
    /// A base such that base + each offset is free now, below the range from which the system takes ports of outgoing connections.
    /// </summary>
    public static int FreeBase(IReadOnlyCollection<int> offsets)
    {
        foreach (var candidate in Shuffled(50, 100).Select(nth => nth * 200))
        {
            if (Reserve(candidate) && offsets.All(offset => IsFree(candidate + offset)))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException("No free ports were found between 10000 and 30000.");
    }

    /// <summary>A port that is free now, below the same range and above the bases, for what is to listen later.</summary>
    public static int Free()
    {
        foreach (var port in Shuffled(30_200, 2_500))
        {
            if (Reserve(port) && IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No free port was found between 30200 and 32700.");
    }

    private static IEnumerable<int> Shuffled(int first, int count) => Enumerable.Range(first, count).OrderBy(_ => Random.Shared.Next());

    private static bool Reserve(int port)
    {
        if (Ours.ContainsKey(port))
        {
            return false;
        }

        Directory.CreateDirectory(Folder);
        if (!OperatingSystem.IsWindows())
        {
            // Others can write beside it; a folder of theirs is not ours to change, and this fails.
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        try
        {
            var file = new FileStream(
                Path.Combine(Folder, port.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // What is not held would be closed by the collector, and the port given away.
            Ours[port] = file;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

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
