using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VolunteerBook.AppHost.Servers;

namespace VolunteerBook.AppHost;

internal static class State
{
    /// <summary>Takes the state folder for a system that is to run here, and sets what it is run with: its secrets, its ports, a quiet console.</summary>
    /// <exception cref="RefusedException">Another runs there, or a port is taken.</exception>
    public static async Task<StateFolder> AddStateAsync(this IDistributedApplicationBuilder builder, UpOptions options)
    {
        var ports = new PortPlan(options.PortBase);
        var state = await StateFolder.OpenAsync(options.Data ?? Path.Combine(builder.AppHostDirectory, "..", ".data"));
        // The dashboard of a system that was killed goes last.
        await ports.SeeThatAllAreFreeAsync(options.Dashboard, state.WasLeft ? TimeSpan.FromSeconds(20) : TimeSpan.Zero);
        var areNative = ServersOfTheGraph.AreNative(options, state);
        if (!options.Fresh)
        {
            state.SeeThatNoRestoreIsLeft();
            state.SeeThatDataAreThere(areNative ? null : ServersOfTheGraph.Volume(state, "postgres"));
        }

        if (areNative)
        {
            NativeServers.SeeThatTheyAreThere();
        }

        // Only when nothing more can be in the way of what follows.
        if (options.Fresh)
        {
            if (ContainerEngine.Answers)
            {
                await ContainerEngine.RemoveVolumeAsync(ServersOfTheGraph.Volume(state, "postgres"));
                await ContainerEngine.RemoveVolumeAsync(ServersOfTheGraph.Volume(state, "rabbitmq"));
            }

            state.Empty();
        }

        var secrets = state.Secrets;
        if (secrets.PreviousMasterKey is not null)
        {
            throw new RefusedException("Replacing the master key was interrupted. Run `./volunteerbook ops rotate master` to finish it.");
        }

        if (secrets.NextLogSigningKey is not null)
        {
            throw new RefusedException("Replacing the log's key was interrupted. Run `./volunteerbook ops rotate log` to finish it.");
        }

        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Parameters:postgres-password"] = secrets.Postgres,
            ["Parameters:bus-password"] = secrets.RabbitMq,
            ["Parameters:services-client-secret"] = secrets.ServicesClient,
            ["Parameters:portal-client-secret"] = secrets.PortalClient,
            ["Parameters:analyst-client-secret"] = secrets.AnalystClient,
            ["Parameters:organisation-client-secret"] = secrets.OrganisationClient,
            ["Parameters:identity-master-key"] = secrets.KeyOf("identity"),
            ["Parameters:portal-master-key"] = secrets.KeyOf("portal"),
            ["Parameters:ledger-master-key"] = secrets.KeyOf("ledger"),
            ["Parameters:personal-data-key"] = secrets.MasterKey,
            ["Parameters:log-signing-key"] = secrets.LogSigningKey,
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{ports.Dashboard}",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{ports.OtlpGrpc}",
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://127.0.0.1:{ports.OtlpHttp}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://127.0.0.1:{ports.ResourceService}",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["AppHost:BrowserToken"] = secrets.DashboardToken,
            ["AppHost:OtlpApiKey"] = secrets.TelemetryKey,
            // The ports are the plan's, also in tests; and this program goes when all that it started has gone.
            ["DcpPublisher:RandomizePorts"] = "false",
            ["DcpPublisher:WaitForResourceCleanup"] = "true",
        }.Concat(Secrets.Agencies.Select(
            agency => KeyValuePair.Create($"Parameters:{agency.Replace('_', '-')}-client-secret", (string?)secrets.AgencyClient(agency)))));
        // What a person is to see, Telling says; what each process writes is in its file and on the dashboard.
        builder.Services.AddLogging(logging => logging.ClearProviders());
        AskUntilHealthy.Everywhere(builder.Services);
        state.WriteKeys(
        [
            .. options.Dashboard ? [$"dashboard  http://127.0.0.1:{ports.Dashboard}/login?t={secrets.DashboardToken}"] : Array.Empty<string>(),
            $"RabbitMQ   http://volunteerbook:{secrets.RabbitMq}@127.0.0.1:{ports.Management}",
            $"PostgreSQL Host=127.0.0.1;Port={ports.PostgreSql};Username=postgres;Password={secrets.Postgres}",
        ]);
        return state;
    }
}
