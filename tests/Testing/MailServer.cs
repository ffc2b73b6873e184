using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MimeKit;

namespace VolunteerBook.Testing;

/// <summary>
/// A real mail server on loopback, somebody else's (npm's smtp-server), that keeps what it gets. How it answers is in the recipient's address:
/// <c>451-twice.…@</c> is told 451 two times and then taken, <c>550.…@</c> is never taken.
/// </summary>
public sealed class MailServer : IAsyncDisposable
{
    private const string Package = "smtp-server@3.21.6";

    private const string Script =
        """
        const { SMTPServer } = require('smtp-server');
        const asked = new Map();
        const server = new SMTPServer({
          disabledCommands: ['STARTTLS', 'AUTH'],
          logger: false,
          onRcptTo(address, session, done) {
            const count = (asked.get(address.address) || 0) + 1;
            asked.set(address.address, count);
            const refuse = code => done(Object.assign(new Error('not for ' + address.address), { responseCode: code }));
            if (address.address.startsWith('550.')) return refuse(550);
            if (address.address.startsWith('451-twice.') && count <= 2) return refuse(451);
            done();
          },
          onData(stream, session, done) {
            const chunks = [];
            stream.on('data', chunk => chunks.push(chunk));
            stream.on('end', () => {
              console.log(JSON.stringify({ from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(to => to.address), raw: Buffer.concat(chunks).toString('base64') }));
              done();
            });
          },
        });
        server.on('error', error => console.error(error.message));
        server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
        process.stdin.resume();
        process.stdin.on('end', () => process.exit(0));
        """;

    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    private readonly List<ReceivedMail> received = [];
    private Process? process;
    private Task reading = Task.CompletedTask;

    private MailServer(int port) => Port = port;

    /// <summary>Where it listens on 127.0.0.1; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>What it took, in order.</summary>
    public IReadOnlyList<ReceivedMail> Received
    {
        get
        {
            lock (received)
            {
                return [.. received];
            }
        }
    }

    /// <summary>A server that listens, or, where it is to be started later, one that has only its port.</summary>
    public static async Task<MailServer> CreateAsync(bool started = true)
    {
        var server = new MailServer(Ports.Free());
        if (started)
        {
            await server.StartAsync();
        }

        return server;
    }

    /// <summary>What it has taken for an address.</summary>
    public IReadOnlyList<ReceivedMail> To(string address) => [.. Received.Where(mail => mail.To.Contains(address))];

    /// <summary>Starts it.</summary>
    public async Task StartAsync()
    {
        var folder = await Installed.Value;
        var start = new ProcessStartInfo("node", ["server.cjs", Port.ToString(CultureInfo.InvariantCulture)])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        process = Process.Start(start)!;
        if (await process.StandardOutput.ReadLineAsync() != "listening")
        {
            throw new InvalidOperationException($"The mail server does not listen on {Port}.");
        }

        reading = ReadAsync(process.StandardOutput);
    }

    /// <summary>Stops it; what it took is kept.</summary>
    public async Task StopAsync()
    {
        if (process is { } running)
        {
            process = null;
            running.StandardInput.Close();
            await running.WaitForExitAsync();
            await reading;
            running.Dispose();
        }
    }

    /// <summary>Kills it, in the middle of whatever it is at; what it took is kept.</summary>
    public async Task KillAsync()
    {
        if (process is { } running)
        {
            process = null;
            running.Kill();
            await running.WaitForExitAsync();
            await reading;
            running.Dispose();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<string> InstallAsync()
    {
        var folder = Directory.CreateTempSubdirectory("volunteerbook-smtp-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await File.WriteAllTextAsync(Path.Combine(folder, "server.cjs"), Script);
        using var npm = Process.Start(new ProcessStartInfo(
            "npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--fetch-retries=5", Package])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        await npm.StandardOutput.ReadToEndAsync();
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? folder : throw new InvalidOperationException($"npm could not install {Package}.");
    }

    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var mail = JsonSerializer.Deserialize<ReceivedMail>(line, Http.Json)!;
            lock (received)
            {
                received.Add(mail);
            }
        }
    }
}

/// <summary>A mail as the server took it.</summary>
/// <param name="From">Of the envelope.</param>
/// <param name="To">Of the envelope.</param>
/// <param name="Raw">Headers and body, as they came.</param>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, byte[] Raw)
{
    /// <summary>As a mail program reads it.</summary>
    [JsonIgnore]
    public MimeMessage Message => MimeMessage.Load(new MemoryStream(Raw));
}
