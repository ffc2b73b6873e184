using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>
/// A line to the broker that a test can cut and mend: cut, connections break and new ones are refused, as with a broker that is down. So one test's outage is
/// not another's, whatever broker the tests run on.
/// </summary>
public sealed class BrokenLine : IAsyncDisposable
{
    private readonly Uri broker;
    private readonly int port;
    private readonly ConcurrentDictionary<Socket, bool> open = [];
    private TcpListener? listener;
    private Task accepting = Task.CompletedTask;

    private BrokenLine(Uri broker, int port)
    {
        this.broker = broker;
        this.port = port;
    }

    /// <summary>The broker's address by way of this line.</summary>
    public Uri Address => new UriBuilder(broker) { Host = "127.0.0.1", Port = port }.Uri;

    public static BrokenLine To(Uri broker)
    {
        var line = new BrokenLine(broker, Ports.Free());
        line.Mend();
        return line;
    }

    public void Mend()
    {
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync(listener);
    }

    public async Task CutAsync()
    {
        listener!.Stop();
        listener.Dispose();
        await accepting;
        foreach (var socket in open.Keys)
        {
            socket.Dispose();
        }

        open.Clear();
    }

    public async ValueTask DisposeAsync() => await CutAsync();

    private async Task AcceptAsync(TcpListener accepted)
    {
        while (true)
        {
            try
            {
                var client = await accepted.AcceptSocketAsync();
                open[client] = true;
                _ = ForwardAsync(client);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Cut.
                return;
            }
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        open[server] = true;
        try
        {
            await server.ConnectAsync(broker.Host, broker.Port > 0 ? broker.Port : 5672);
            await using var here = new NetworkStream(client);
            await using var there = new NetworkStream(server);
            await Task.WhenAny(here.CopyToAsync(there), there.CopyToAsync(here));
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException)
        {
            // One of the ends hung up, or the line was cut.
        }
        finally
        {
            client.Dispose();
            open.TryRemove(client, out _);
            open.TryRemove(server, out _);
        }
    }
}
