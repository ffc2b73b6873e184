using System.Diagnostics;
using System.Net.Sockets;

namespace VolunteerBook.AppHost.Servers;

/// <summary>Docker or Podman, where one answers.</summary>
internal static class ContainerEngine
{
    /// <summary>Whether one answers; elsewhere than on Linux one is needed, and that it is missing shows when its containers do not start.</summary>
    public static bool Answers =>
        !OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } || Sockets.Any(Listens);

    private static readonly string[] Folders = ["/var/run", "/run", Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? "/run"];

    private static IEnumerable<string> Sockets => Folders.SelectMany(folder => new[] { $"{folder}/docker.sock", $"{folder}/podman/podman.sock" });

    /// <summary>Removes a volume with what it holds; nothing happens where there is none of the name.</summary>
    public static async Task RemoveVolumeAsync(string name)
    {
        var podman = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? Environment.GetEnvironmentVariable("DOTNET_ASPIRE_CONTAINER_RUNTIME");
        using var process = Process.Start(
            new ProcessStartInfo(podman is "podman" ? "podman" : "docker", ["volume", "rm", "--force", name]) { RedirectStandardOutput = true })
            ?? throw new RefusedException("The container engine's command could not be started.");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new RefusedException($"The volume {name} could not be removed: stop what uses it.");
        }
    }

    private static bool Listens(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
