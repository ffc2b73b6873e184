using System.ComponentModel;
using System.Text.Json;
using Npgsql;
using VolunteerBook.AppHost;
using VolunteerBook.AppHost.Operations;
using VolunteerBook.AppHost.Servers;

// The system as it is run, tested and published: one graph.
UpOptions options;
StateFolder? state = null;
IDistributedApplicationBuilder builder;
try
{
    if (args is ["audit", .. var forAudit])
    {
        return await Audit.RunAsync(forAudit);
    }

    if (args is ["ops", .. var asked])
    {
        return await Ops.RunAsync(asked);
    }

    options = UpOptions.Read(args);
    if (options.Help)
    {
        Console.WriteLine(UpOptions.Usage);
        return 0;
    }

    builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
    {
        Args = [.. options.ForAspire],
        DisableDashboard = !options.Dashboard,
        TrustDeveloperCertificate = false,
        AllowUnsecuredTransport = true,
    });
    if (builder.ExecutionContext.IsRunMode)
    {
        state = await builder.AddStateAsync(options);
    }
}
catch (Exception exception) when (exception is RefusedException or IOException or UnauthorizedAccessException or JsonException or Win32Exception)
{
    // What the person at the keyboard can act on: a folder of somebody else's, a broken file, a program that is missing.
    await Console.Error.WriteLineAsync(exception.Message);
    state?.Dispose();
    return 1;
}
catch (NpgsqlException exception)
{
    // Another operation makes the same roles at the same time, or no connection is left.
    await Console.Error.WriteLineAsync($"PostgreSQL did not do what was asked for ({exception.Message.Split('\n')[0]}). Run the same command again.");
    state?.Dispose();
    return 1;
}

var ports = new PortPlan(options.PortBase);

// The one public address: the portal, the API, sign-in. It is the issuer of tokens too, so a deployment says what it is called outside, and has no default.
var address = builder.ExecutionContext.IsPublishMode
    ? builder.AddParameter("public-address") : builder.AddParameter("public-address", $"http://localhost:{ports.Base}/");

// Here they lie beside the data; a deployment is asked for them. A key is 32 bytes in base64.
var servicesSecret = Secret("services-client-secret");
var portalSecret = Secret("portal-client-secret");

// Whether a start makes and changes tables. Here it does; a deployment that runs the programs with `db apply` first says no.
var applySchema = builder.ExecutionContext.IsPublishMode ? builder.AddParameter("apply-schema-at-start", "true", publishValueAsDefault: true) : null;

var servers = new ServersOfTheGraph(builder, options, ports, state);

var identity = Service(builder.AddProject<Projects.Identity>("identity", Plain))
    .WithEnvironment("Identity__Issuer", address)
    .WithEnvironment("Identity__MasterKey", Secret("identity-master-key"))
    .WithEnvironment("Identity__Clients__portal__Secret", portalSecret)
    .WithEnvironment("Identity__Clients__portal__RedirectUris__0", $"{address}signin-oidc")
    .WithEnvironment("Identity__Clients__portal__PostLogoutRedirectUris__0", $"{address}signout-callback-oidc")
    .WithEnvironment("Identity__Clients__services__Secret", servicesSecret)
    .WithEnvironment("Identity__Clients__analyst__Secret", Secret("analyst-client-secret"))
    .WithEnvironment("Identity__Clients__organisation__Secret", Secret("organisation-client-secret"));
foreach (var agency in Secrets.Agencies)
{
    identity.WithEnvironment($"Identity__Clients__{agency}__Secret", Secret($"{agency.Replace('_', '-')}-client-secret"));
}

var profiles = OnTheBus(Service(builder.AddProject<Projects.Profiles>("profiles", Plain)))
    .WithEnvironment("Issuer__Address", address)
    .WithEnvironment("PersonalData__MasterKey", Secret("personal-data-key"));
var logKey = Secret("log-signing-key");
var ledgerKey = Secret("ledger-master-key");
var ledger = Ledger("ledger");
var verification = OnTheBus(Service(builder.AddProject<Projects.Verification>("verification", Plain)))
    .WithEnvironment("Issuer__Address", address);
var vacancies = OnTheBus(Service(builder.AddProject<Projects.Vacancies>("vacancies", Plain)));
var reporting = OnTheBus(Service(builder.AddProject<Projects.Reporting>("reporting", Plain)));

var portal = Service(builder.AddProject<Projects.Portal>("portal", Plain))
    .WithEnvironment("Portal__MasterKey", Secret("portal-master-key"))
    .WithEnvironment("Authentication__PortalClientId", "portal")
    .WithEnvironment("Authentication__PortalClientSecret", portalSecret);
var gateway = Part(builder.AddProject<Projects.Gateway>("gateway", Plain))
    .WithExternalHttpEndpoints();
identity.WithEnvironment("Identity__Clients__portal__BackChannelLogoutUri", $"{portal.GetEndpoint("http")}/signout-backchannel");

List<IResourceBuilder<ProjectResource>> all = [identity, profiles, ledger, verification, vacancies, reporting, portal, gateway];

// A service reads another's integration feed when it finds a gap, so each knows all; they may start in any order.
foreach (var process in all)
{
    foreach (var other in all.Where(other => other != process))
    {
        process.WithReference(other);
    }
}

// Two ledgers: exactly one publishes and projects, and the other takes over when it ends. Here each is a resource of its own, which
// can be stopped; a deployment scales one.
if (builder.ExecutionContext.IsRunMode)
{
    var second = Ledger("ledger-2");
    foreach (var process in all)
    {
        process.WithEnvironment("services__ledger__http__1", second.GetEndpoint("http"));
        second.WithReference(process);
    }

    second.WithEnvironment("services__ledger__http__1", second.GetEndpoint("http"));
    all.Add(second);
}
else
{
    ledger.WithReplicas(2);
}

// Who sends mail. A deployment names a mail server; here, where none is named, a catcher stands in for it.
var catchesMail = state is not null
    && MailOfTheGraph.Add(builder, options, ports, state, all.Where(each => each == identity || each == profiles || each == verification
        || each.Resource.Name.StartsWith("ledger", StringComparison.Ordinal)));

// The demo switch: accounts with known passwords and the demo grant, and a believable world made through the gateway.
if (state is not null && (options.Demo || options.Accounts))
{
    identity.WithEnvironment("Demo__Accounts", "true").WithEnvironment("Identity__Clients__demo__Secret", Secrets.DemoClient);
}

if (state is not null && options.Demo && options.Only is null)
{
    // A program to its end and no service, so that it gets these arguments alone.
    var demo = builder.AddExecutable(
        "demo", "dotnet", AsBuilt.Repository, AsBuilt.Program(new Projects.Demo().ProjectPath), "seed", "--gateway", $"http://localhost:{ports.Base}/")
        .WithEnvironment(StateFolder.Mark, state.Path);
    all.ForEach(process => demo.WaitFor(process));
}

#if PUBLISH_TO_COMPOSE
builder.AddDockerComposeEnvironment("compose");
#elif PUBLISH_TO_KUBERNETES
builder.AddKubernetesEnvironment("kubernetes");
#endif

if (state is null)
{
    await builder.Build().RunAsync();
    return Environment.ExitCode;
}

return await Telling.RunAsync(builder, options, ports, state, catchesMail);

static void Plain(ProjectResourceOptions project) => project.ExcludeLaunchProfile = true;

IResourceBuilder<ParameterResource> Secret(string name) => builder.AddParameter(name, secret: true);

IResourceBuilder<ProjectResource> Ledger(string name) => OnTheBus(Service(builder.AddProject<Projects.Ledger>(name, Plain), "ledger"))
    .WithEnvironment("Issuer__Address", address)
    .WithEnvironment("Log__SigningKey", logKey)
    .WithEnvironment("Ledger__MasterKey", ledgerKey);

// A service with a database of its own, under the service's name.
IResourceBuilder<ProjectResource> Service(IResourceBuilder<ProjectResource> project, string? database = null)
{
    database ??= project.Resource.Name;
    if (applySchema is not null)
    {
        project.WithEnvironment("Database__ApplyAtStart", applySchema);
    }

    return Part(project).WithReference(servers.Database(database), connectionName: database).WaitFor(servers.PostgreSql);
}

IResourceBuilder<ProjectResource> OnTheBus(IResourceBuilder<ProjectResource> project) => project.WithReference(servers.Bus).WaitFor(servers.Bus);

IResourceBuilder<ProjectResource> Part(IResourceBuilder<ProjectResource> project)
{
    var name = project.Resource.Name;
    if (state is null)
    {
        // Aspire would have services believe whoever says for whom they ask. Whom they believe, the deployment says: Proxies in docs/operations.md.
        project.WithHttpEndpoint().DisableForwardedHeaders();
    }
    else
    {
        AsBuilt.Run(project)
            .WithHttpEndpoint(port: ports.Of(name), isProxied: false).WithEnvironment(context => AsBuilt.Environment(context, name, options, state));
        if (options.Only is { } only && !only.Contains(name))
        {
            project.WithExplicitStart();
        }
    }

    return project
        .WithEnvironment("Authentication__Authority", address)
        .WithEnvironment("Authentication__Audience", "volunteerbook")
        .WithEnvironment("Authentication__ClientId", "services")
        .WithEnvironment("Authentication__ClientSecret", servicesSecret)
        .WithHttpHealthCheck("/health");
}
