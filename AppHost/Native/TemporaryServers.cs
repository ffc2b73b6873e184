namespace VolunteerBook.Native;

/// <summary>A PostgreSQL and a RabbitMQ on free ports, with data in a temporary folder that is deleted in the end.</summary>
public sealed class TemporaryServers : IAsyncDisposable
{
    private readonly string _folder;

    private TemporaryServers(string folder, NativePostgres postgres, NativeRabbitMq broker)
    {
        _folder = folder;
        Postgres = postgres;
        Broker = broker;
    }

    /// <summary>The database server.</summary>
    public NativePostgres Postgres { get; }

    /// <summary>The broker.</summary>
    public NativeRabbitMq Broker { get; }

    /// <summary>Starts both and waits until both take connections.</summary>
    public static async Task<TemporaryServers> StartAsync(CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("volunteerbook-").FullName;

        // The servers' users must be able to enter; their own folders inside are closed to others.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var ports = Ports.FreeBase([0, 1, 2, 3, 4]);
        var postgres = NativePostgres.StartAsync(
            new NativePostgresOptions { Folder = Path.Combine(folder, "postgres"), Port = ports, Password = Secrets.Random() }, cancellationToken);
        var broker = NativeRabbitMq.StartAsync(
            new NativeRabbitMqOptions
            {
                Folder = Path.Combine(folder, "rabbitmq"),
                Port = ports + 1,
                DistributionPort = ports + 2,
                ManagementPort = ports + 3,
                PortMapperPort = ports + 4,
                Password = Secrets.Random(),
            },
            cancellationToken);
        try
        {
            return new TemporaryServers(folder, await postgres, await broker);
        }
        catch
        {
            foreach (var server in new[] { await Started(postgres), await Started(broker) }.OfType<IAsyncDisposable>())
            {
                await server.DisposeAsync();
            }

            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>Ends both and deletes their data.</summary>
    public async ValueTask DisposeAsync()
    {
        // Nobody will read these data again: no reason to wait for a good order.
        await Task.WhenAll(Postgres.AbortAsync(), Broker.KillAsync());
        await Postgres.DisposeAsync();
        await Broker.DisposeAsync();
        NativeFolder.Delete(Path.Combine(_folder, "postgres"));
        NativeFolder.Delete(Path.Combine(_folder, "rabbitmq"));
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<IAsyncDisposable?> Started<T>(Task<T> server) where T : class, IAsyncDisposable
    {
        await ((Task)server).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return server.IsCompletedSuccessfully ? await server : null;
    }
}
