using System.ComponentModel;
using System.Diagnostics;

namespace VolunteerBook.Evidence.Tests;

/// <summary>Runs the programs that strangers check our documents with. Where one is missing the test fails, and says what to install.</summary>
internal static class Tool
{
    private static readonly Dictionary<string, string> Packages = new()
    {
        ["pdfsig"] = "poppler-utils",
        ["pdftoppm"] = "poppler-utils",
        ["pdftotext"] = "poppler-utils",
        ["pdfdetach"] = "poppler-utils",
        ["pdfinfo"] = "poppler-utils",
        ["qpdf"] = "qpdf",
        ["openssl"] = "openssl",
        ["zbarimg"] = "zbar-tools",
        ["certutil"] = "libnss3-tools",
        ["node"] = "nodejs",
        ["npm"] = "npm",
    };

    /// <summary>What the program wrote to both its outputs, and its exit code.</summary>
    public static async Task<(int Code, string Output)> Try(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["TZ"] = "UTC";
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException(
                $"{program} is missing. Install it: apt-get install -y {Packages.GetValueOrDefault(program, program)}", missing);
        }
    }

    /// <summary>What the program wrote; it must have ended with 0.</summary>
    public static async Task<string> Run(string program, string folder, params string[] arguments)
    {
        var (code, output) = await Try(program, folder, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("volunteerbook-").FullName;

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(System.IO.Path.Combine(Path, name), bytes);
        return name;
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return name;
    }

    public byte[] Read(string name) => File.ReadAllBytes(System.IO.Path.Combine(Path, name));

    public void Dispose()
    {
        // A message handler disposes twice: for itself, and for its client.
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
