using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace VolunteerBook.AppHost.Servers;

/// <summary>
/// PostgreSQL and RabbitMQ where there is no container engine: Debian's programs on loopback, each run by a script beside this file, with the same
/// connection strings, health checks and waits as Aspire's containers. Their data are in a folder and survive.
/// </summary>
internal static class NativeServers
{
    /// <summary>PostgreSQL, with its data in a folder.</summary>
    public static IResourceBuilder<NativePostgres> AddNativePostgres(
        this IDistributedApplicationBuilder builder, string name, StateFolder state, int port, ParameterResource password)
    {
        var server = builder.AddResource(new NativePostgres(name, Script(builder, "postgres.sh"), builder.AppHostDirectory, password))
            .WithArgs(state.Below("postgres"), state.Elsewhere("postgres"))
            .WithEndpoint(name: "tcp", scheme: "tcp", port: port, env: "PGPORT", isProxied: false)
            .WithEnvironment("PASSWORD", password)
            .WithIconName("DatabaseMultiple")
            .WithHealthCheck(name);
        builder.Services.AddHealthChecks().AddNpgSql(
            _ => $"Host=127.0.0.1;Port={port};Username=postgres;Password={password.GetValueAsync(default).AsTask().Result};Database=postgres;Pooling=false;"
                + "Timeout=2", name: name);
        return server;
    }

    /// <summary>RabbitMQ with its management plugin and a port mapper of its own, with its data in a folder.</summary>
    public static IResourceBuilder<NativeRabbitMq> AddNativeRabbitMq(
        this IDistributedApplicationBuilder builder, string name, StateFolder state, PortPlan ports, ParameterResource password)
    {
        var resource = new NativeRabbitMq(name, Script(builder, "rabbitmq.sh"), builder.AppHostDirectory, password);
        var server = builder.AddResource(resource)
            .WithArgs(state.Below("rabbitmq"), state.Elsewhere("rabbitmq"))
            .WithEndpoint(name: "tcp", scheme: "tcp", port: ports.Amqp, env: "RABBITMQ_NODE_PORT", isProxied: false)
            .WithEndpoint(name: "management", scheme: "http", port: ports.Management, env: "MANAGEMENT_PORT", isProxied: false)
            .WithEndpoint(name: "distribution", scheme: "tcp", port: ports.Distribution, env: "RABBITMQ_DIST_PORT", isProxied: false)
            .WithEndpoint(name: "mapper", scheme: "tcp", port: ports.PortMapper, env: "ERL_EPMD_PORT", isProxied: false)
            .WithEnvironment("PASSWORD", password)
            .WithIconName("Mailbox")
            .WithHealthCheck(name);
        // A connection of its own for each look: one that was kept would still answer when the listener is gone.
        builder.Services.AddHealthChecks().AddAsyncCheck(name, async cancelled =>
        {
            try
            {
                var factory = new ConnectionFactory
                {
                    Uri = new Uri((await resource.ConnectionStringExpression.GetValueAsync(cancelled))!),
                    AutomaticRecoveryEnabled = false,
                };
                await using var connection = await factory.CreateConnectionAsync(cancelled);
                return HealthCheckResult.Healthy();
            }
            catch (BrokerUnreachableException exception)
            {
                return HealthCheckResult.Unhealthy(exception.Message);
            }
        });
        return server;
    }

    /// <summary>A server's settings, the same for its program and its container, a line each.</summary>
    public static string Settings(IDistributedApplicationBuilder builder, string server) => Script(builder, $"{server}.settings");

    private static string Script(IDistributedApplicationBuilder builder, string name) => Path.Combine(builder.AppHostDirectory, "Servers", name);

    /// <summary>Sees that both programs are installed.</summary>
    /// <exception cref="RefusedException">One is not; the message says how to install it.</exception>
    public static void SeeThatTheyAreThere()
    {
        See("/usr/lib/postgresql", "postgres", "PostgreSQL", "postgresql");
        See("/usr/lib/rabbitmq", "rabbitmq-server", "RabbitMQ", "rabbitmq-server");
    }

    private static void See(string folder, string program, string what, string package)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFiles(folder, program, new EnumerationOptions { RecurseSubdirectories = true }).Any())
        {
            throw new RefusedException($"{what} is missing. On Debian or Ubuntu: apt-get install -y {package}");
        }
    }
}
