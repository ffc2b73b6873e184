using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.AppHost.Servers;

/// <summary>
/// The graph's PostgreSQL and RabbitMQ: programs of this machine, containers, or what they are when published. Wherever they run here, each service has a role
/// of its own, and the settings are the same (<c>postgres.settings</c>, <c>rabbitmq.settings</c>).
/// </summary>
internal sealed class ServersOfTheGraph
{
    private readonly IDistributedApplicationBuilder builder;
    private readonly StateFolder? state;
    private readonly EndpointReference? postgresEndpoint;
    private readonly Func<string, IResourceBuilder<IResourceWithConnectionString>> published = _ => throw new InvalidOperationException();
    private readonly Dictionary<string, IResourceBuilder<IResourceWithConnectionString>> databases = [];

    public ServersOfTheGraph(IDistributedApplicationBuilder builder, UpOptions options, PortPlan ports, StateFolder? state)
    {
        this.builder = builder;
        this.state = state;
        var postgresPassword = builder.AddParameter("postgres-password", secret: true);
        var busPassword = builder.AddParameter("bus-password", secret: true);
        if (state is not null && AreNative(options, state))
        {
            var postgres = builder.AddNativePostgres("postgres", state, ports.PostgreSql, postgresPassword.Resource)
                .WithEnvironment(StateFolder.Mark, state.Path);
            var broker = builder.AddNativeRabbitMq("bus", state, ports, busPassword.Resource).WithEnvironment(StateFolder.Mark, state.Path);
            (PostgreSql, Bus, postgresEndpoint) = (postgres, broker, postgres.Resource.GetEndpoint("tcp"));
            MakeDatabases(postgres, postgres.Resource, volume: null);
        }
        else
        {
            var postgres = builder.AddPostgres("postgres", password: postgresPassword, port: state is null ? null : ports.PostgreSql);
            var broker = builder.AddRabbitMQ(
                "bus", userName: builder.AddParameter("bus-user", "volunteerbook", publishValueAsDefault: true), password: busPassword,
                port: state is null ? null : ports.Amqp)
                .WithManagementPlugin(state is null ? null : ports.Management);
            foreach (var setting in File.ReadLines(NativeServers.Settings(builder, "postgres")))
            {
                postgres.WithArgs("-c", setting);
            }

            (PostgreSql, Bus, postgresEndpoint) = (postgres, broker, postgres.Resource.PrimaryEndpoint);
            if (state is null)
            {
                postgres.WithDataVolume("postgres-data");
                broker.WithDataVolume("bus-data");
                published = name => postgres.AddDatabase($"{name}-database", name);
            }
            else
            {
                postgres.WithDataVolume(Volume(state, "postgres"));
                broker.WithDataVolume(Volume(state, "rabbitmq"))
                    .WithBindMount(NativeServers.Settings(builder, "rabbitmq"), "/etc/rabbitmq/conf.d/20-volunteerbook.conf", isReadOnly: true);
                MakeDatabases(postgres, postgres.Resource, Volume(state, "postgres"));
            }
        }
    }

    public IResourceBuilder<IResourceWithConnectionString> PostgreSql { get; }

    public IResourceBuilder<IResourceWithConnectionString> Bus { get; }

    /// <summary>
    /// Whether they are programs of this machine here: where that is asked for, where no container engine answers, and where the data are those of programs.
    /// </summary>
    public static bool AreNative(UpOptions options, StateFolder state) => options.Native || !ContainerEngine.Answers || (!options.Fresh && state.IsNative);

    /// <summary>The volume that holds a server's data where it is a container.</summary>
    public static string Volume(StateFolder state, string server) =>
        $"volunteerbook-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.Path)))[..12]}-{server}";

    /// <summary>A service's database. Published it is the server's user's.</summary>
    public IResourceBuilder<IResourceWithConnectionString> Database(string name)
    {
        if (!databases.TryGetValue(name, out var database))
        {
            databases[name] = database = state is null
                ? published(name)
                : builder.AddConnectionString(
                    $"{name}-database",
                    ReferenceExpression.Create(
                        $"Host={postgresEndpoint!.Property(EndpointProperty.Host)};Port={postgresEndpoint.Property(EndpointProperty.Port)};Username={name};"
                        + $"Password={state.Secrets.Role(name)};Database={name}"))
                    .WithParentRelationship(PostgreSql.Resource)
                    .WaitFor(PostgreSql);
        }

        return database;
    }

    private void MakeDatabases<T>(IResourceBuilder<T> server, IResourceWithConnectionString connection, string? volume) where T : IResource =>
        server.OnResourceReady(async (_, _, cancelled) =>
        {
            state!.NoteData(volume);
            await Databases.MakeAsync(
                (await connection.GetConnectionStringAsync(cancelled))!, databases.Keys.ToDictionary(name => name, state!.Secrets.Role), cancelled);
        });
}
