using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Native;

/// <summary>Folders of the native servers, owned by the unprivileged user each runs as when we are root.</summary>
internal static class NativeFolder
{
    /// <summary>The user to run a server as: null (as ourselves) unless we are root, whom PostgreSQL refuses.</summary>
    public static string? UserFor(string account)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet();
        return known.Contains(account) ? account
            : known.Contains("nobody") ? "nobody"
            : throw new LauncherException($"There is no user {account} to run its server as; install its package.");
    }

    /// <summary>
    /// Makes sure that the folder exists, belongs to the user and can be reached by them. A folder below one that is closed to the user
    /// (a clone in /root, a private temporary folder) is moved to /var/lib/volunteerbook; the answer is where it really is.
    /// </summary>
    public static async Task<string> PrepareAsync(string folder, string? user)
    {
        folder = Path.GetFullPath(folder);
        if (user is not null && Directory.CreateDirectory(Path.GetDirectoryName(folder)!) is { } parent
            && !await SucceedsAsync("setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--", "test", "-x", parent.FullName))
        {
            folder = Elsewhere(folder);
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await GiveAsync(folder, user);
        return folder;
    }

    /// <summary>Hands a file or a folder with all in it to the user.</summary>
    public static async Task GiveAsync(string path, string? user)
    {
        if (user is not null && !await SucceedsAsync("chown", "-R", $"{user}:", path))
        {
            throw new LauncherException($"{path} could not be given to user {user}.");
        }
    }

    /// <summary>Removes the folder, and the one that stands in for it when its parent is closed to the server's user.</summary>
    public static void Delete(string folder)
    {
        foreach (var path in new[] { Path.GetFullPath(folder), Elsewhere(folder) }.Where(Directory.Exists))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static string Elsewhere(string folder)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetDirectoryName(Path.GetFullPath(folder))!)));
        return Path.Combine("/var/lib/volunteerbook", hash[..12], Path.GetFileName(folder));
    }

    private static async Task<bool> SucceedsAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
