using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace VolunteerBook.AppHost.Servers;

internal sealed class NativePostgres(string name, string script, string folder, ParameterResource password)
    : ExecutableResource(name, script, folder), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host=127.0.0.1;Port={this.GetEndpoint("tcp").Property(EndpointProperty.Port)};Username=postgres;Password={password}");
}
