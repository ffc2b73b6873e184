namespace VolunteerBook.AppHost.Servers;

internal sealed class NativePostgres(string name, string script, string folder, ParameterResource password)
    : ExecutableResource(name, script, folder), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"Host=127.0.0.1;Port={this.GetEndpoint("tcp").Property(EndpointProperty.Port)};Username=postgres;Password={password}");
}
