namespace VolunteerBook.AppHost.Servers;

internal sealed class NativeRabbitMq(string name, string script, string folder, ParameterResource password)
    : ExecutableResource(name, script, folder), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"amqp://volunteerbook:{password}@127.0.0.1:{this.GetEndpoint("tcp").Property(EndpointProperty.Port)}");
}
