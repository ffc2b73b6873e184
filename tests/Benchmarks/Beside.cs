using Npgsql;
using VolunteerBook.AppHost;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// What ours is measured beside: programs of tests/Benchmarks/Peer on the same PostgreSQL and RabbitMQ, with the environment of ours, behind a second process
/// of the same gateway, which leads to them where the first leads to the ledger, Verification and Reporting. They exist for as long as a benchmark needs them.
/// </summary>
internal sealed class Beside : IAsyncDisposable
{
    private readonly List<Child> processes = [];

    private Beside(Ground ground) => Database = $"{ground.System.Postgres};Command Timeout=300";

    /// <summary>The second gateway.</summary>
    public Uri Gateway { get; private set; } = null!;

    /// <summary>PostgreSQL, without a database.</summary>
    private string Database { get; }

    /// <summary>The least that a service can do: a token is checked, a row inserted; or bytes are sent.</summary>
    public static async Task<Beside> FloorAsync(Ground ground, CancellationToken ct, byte[]? book = null, Api? reader = null)
    {
        var floor = new Beside(ground);
        try
        {
            var address = await floor.StartAsync(ground, "floor", ct);
            if (book is not null)
            {
                using var client = await Ground.ClientAsync(address, reader!, ct);
                using var put = await client.PutAsync(new Uri("/api/v1/book", UriKind.Relative), new ByteArrayContent(book), ct);
                put.EnsureSuccessStatusCode();
            }

            await floor.StartGatewayAsync(ground, new() { ["ledger"] = address }, ct);
            return floor;
        }
        catch
        {
            await floor.DisposeAsync();
            throw;
        }
    }

    /// <summary>What a .NET developer would build instead, knowing the ground's organisation, its coordinator and its key.</summary>
    public static async Task<Beside> PeerAsync(Ground ground, CancellationToken ct)
    {
        var peer = new Beside(ground);
        try
        {
            var services = new Dictionary<string, Uri>();
            foreach (var service in new[] { "ledger", "verification", "reporting" })
            {
                services[service] = await peer.StartAsync(ground, service, ct);
            }

            await using var verification = peer.Open("verification");
            await using var seed = verification.CreateCommand(
                """
                with known as (insert into "Organisations" ("Id") values ($1)),
                    may as (insert into "Coordinators" ("OrganisationId", "PersonId") values ($1, $2))
                insert into "Keys" ("OrganisationId", "Kid", "X", "Y", "ValidFrom") values ($1, $3, $4, $5, now() - interval '1 day')
                """);
            seed.Parameters.Add(new() { Value = ground.Organisation.Id });
            seed.Parameters.Add(new() { Value = DemoAccounts.Id(DemoAccounts.Pavel) });
            seed.Parameters.Add(new() { Value = ground.Key.Kid });
            seed.Parameters.Add(new() { Value = ground.Key.Public.X });
            seed.Parameters.Add(new() { Value = ground.Key.Public.Y });
            await seed.ExecuteNonQueryAsync(ct);
            await peer.StartGatewayAsync(ground, services, ct);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>The database of one of its programs.</summary>
    public NpgsqlDataSource Open(string program) => NpgsqlDataSource.Create($"{Database};Database=peer_{program}");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(processes))
        {
            await process.DisposeAsync();
        }

        processes.Clear();
    }

    // A new database each time: what an earlier benchmark left is not this one's.
    private async Task<Uri> StartAsync(Ground ground, string program, CancellationToken ct)
    {
        await using (var server = NpgsqlDataSource.Create($"{Database};Database=postgres;Pooling=false"))
        {
            foreach (var sql in new[] { $"drop database if exists peer_{program} with (force)", $"create database peer_{program}" })
            {
                await using var command = server.CreateCommand(sql);
                await command.ExecuteNonQueryAsync(ct);
            }
        }

        var environment = ground.System.Environment("ledger").ToDictionary();
        // The settings that ours have, see EventSourcing.Pooled.
        environment["ConnectionStrings__peer"] =
            $"{ground.System.Postgres};Database=peer_{program};No Reset On Close=true;Max Auto Prepare=50;Auto Prepare Min Usages=2;Maximum Pool Size=40";
        environment["OTEL_SERVICE_NAME"] = $"peer-{program}";
        return await StartAsync(environment, AsBuilt.Program(Path.Combine(AsBuilt.Repository, "tests", "Benchmarks", "Peer", "Peer.csproj")), ct, program);
    }

    private async Task StartGatewayAsync(Ground ground, Dictionary<string, Uri> services, CancellationToken ct)
    {
        var environment = ground.System.Environment("gateway").ToDictionary();
        foreach (var (service, address) in services)
        {
            environment[$"services__{service}__http__0"] = address.ToString().TrimEnd('/');
            environment.Remove($"services__{service}__http__1");
        }

        Gateway = await StartAsync(environment, AsBuilt.Program(new Projects.Gateway().ProjectPath), ct);
    }

    private async Task<Uri> StartAsync(Dictionary<string, string> environment, string program, CancellationToken ct, params string[] arguments)
    {
        var address = new Uri($"http://localhost:{Ports.Free()}");
        environment["ASPNETCORE_URLS"] = address.ToString();
        var process = Child.Start(environment, "dotnet", [program, .. arguments]);
        processes.Add(process);
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.Is(async () =>
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException(process.LastLines);
            }

            using var alive = await http.GetAsync(new Uri("/alive", UriKind.Relative), ct);
            return alive.IsSuccessStatusCode;
        });
        return address;
    }
}
