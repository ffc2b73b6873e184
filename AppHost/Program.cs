// The system as Aspire runs and publishes it. The launcher in Native/ gives the same processes the same environment.
var builder = DistributedApplication.CreateBuilder(args);
builder.AddDockerComposeEnvironment("compose");

// The one public address: the portal, the API, sign-in. It is the issuer of tokens too, so a deployment says what it is called outside.
const int GatewayPort = 8080;
var address = builder.AddParameter("public-address", $"http://localhost:{GatewayPort}/", publishValueAsDefault: true);

// Generated once for development and kept in the user's secrets; asked for when deployed.
var portalSecret = Secret("portal-client-secret");
var servicesSecret = Secret("services-client-secret");
var analystSecret = Secret("analyst-client-secret");
var organisationSecret = Secret("organisation-client-secret");
// 42 random characters and "A=" are the base64 form of 32 bytes.
var masterKey = Key("personal-data-key");
var logKey = Key("log-signing-key");

var postgres = builder.AddPostgres("postgres").WithDataVolume();
var bus = builder.AddRabbitMQ("bus").WithDataVolume().WithManagementPlugin();

var identity = Service(builder.AddProject<Projects.Identity>("identity"), "identity")
    .WithEnvironment("Identity__Issuer", address)
    .WithEnvironment("Identity__MasterKey", $"{Key("identity-master-key")}A=")
    .WithEnvironment("Identity__Clients__portal__Secret", portalSecret)
    .WithEnvironment("Identity__Clients__portal__RedirectUris__0", $"{address}signin-oidc")
    .WithEnvironment("Identity__Clients__portal__PostLogoutRedirectUris__0", $"{address}signout-callback-oidc")
    .WithEnvironment("Identity__Clients__services__Secret", servicesSecret)
    .WithEnvironment("Identity__Clients__analyst__Secret", analystSecret)
    .WithEnvironment("Identity__Clients__organisation__Secret", organisationSecret);
foreach (var agency in new[] { "agency_education", "agency_employment", "agency_taxation", "agency_social_protection", "agency_pension" })
{
    identity.WithEnvironment($"Identity__Clients__{agency}__Secret", Secret($"{agency}-client-secret"));
}

var profiles = Service(builder.AddProject<Projects.Profiles>("profiles"), "profiles")
    .WithEnvironment("Issuer__Address", address)
    .WithEnvironment("PersonalData__MasterKey", $"{masterKey}A=");
// Two instances: exactly one publishes and projects, and the other takes over when it ends.
var ledger = Service(builder.AddProject<Projects.Ledger>("ledger"), "ledger")
    .WithEnvironment("Issuer__Address", address)
    .WithEnvironment("Log__SigningKey", $"{logKey}A=")
    .WithEnvironment("Ledger__MasterKey", $"{Key("ledger-master-key")}A=")
    .WithReplicas(2);
var verification = Service(builder.AddProject<Projects.Verification>("verification"), "verification")
    .WithEnvironment("Issuer__Address", address);
var vacancies = Service(builder.AddProject<Projects.Vacancies>("vacancies"), "vacancies");
var reporting = Service(builder.AddProject<Projects.Reporting>("reporting"), "reporting");

var portalDatabase = postgres.AddDatabase("portal-database", "portal");
var portal = Process(builder.AddProject<Projects.Portal>("portal"))
    .WithHttpEndpoint()
    .WithReference(portalDatabase, connectionName: "portal")
    .WaitFor(portalDatabase)
    .WithEnvironment("Portal__MasterKey", $"{Key("portal-master-key")}A=")
    .WithEnvironment("Authentication__PortalClientId", "portal")
    .WithEnvironment("Authentication__PortalClientSecret", portalSecret);
var gateway = Process(builder.AddProject<Projects.Gateway>("gateway"))
    .WithHttpEndpoint(port: GatewayPort)
    .WithExternalHttpEndpoints()
    .WaitFor(identity)
    .WaitFor(profiles)
    .WaitFor(ledger)
    .WaitFor(verification)
    .WaitFor(vacancies)
    .WaitFor(reporting)
    .WaitFor(portal);

identity.WithEnvironment("Identity__Clients__portal__BackChannelLogoutUri", $"{portal.GetEndpoint("http")}/signout-backchannel");

// A service reads another's integration feed when it finds a gap, so each knows all; they may start in any order.
IResourceBuilder<ProjectResource>[] all = [identity, profiles, ledger, verification, vacancies, reporting, portal, gateway];
foreach (var process in all)
{
    foreach (var other in all.Where(other => other != process))
    {
        process.WithReference(other);
    }
}

if (builder.ExecutionContext.IsRunMode)
{
    // The demo switch: accounts with known passwords and the demo grant, and a believable world made through the gateway.
    identity.WithEnvironment("Demo__Accounts", "true").WithEnvironment("Identity__Clients__demo__Secret", "demo-secret");
    builder.AddProject<Projects.Demo>("demo").WithArgs("seed", "--gateway", $"http://localhost:{GatewayPort}/").WaitFor(gateway);
}

builder.Build().Run();

IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);

IResourceBuilder<ParameterResource> Key(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 42, Special = false }, secret: true, persist: true);

// A service with a database of its own, and the broker.
IResourceBuilder<ProjectResource> Service(IResourceBuilder<ProjectResource> project, string name)
{
    // A resource's name is its own; the service finds its database under the service's name.
    var database = postgres.AddDatabase($"{name}-database", name);
    return Process(project)
        .WithHttpEndpoint()
        .WithReference(database, connectionName: name)
        .WithReference(bus)
        .WaitFor(database)
        .WaitFor(bus);
}

IResourceBuilder<ProjectResource> Process(IResourceBuilder<ProjectResource> project) => project
    .WithEnvironment("Authentication__Authority", address)
    .WithEnvironment("Authentication__Audience", "volunteerbook")
    .WithEnvironment("Authentication__ClientId", "services")
    .WithEnvironment("Authentication__ClientSecret", servicesSecret)
    .WithHttpHealthCheck("/health");
