using System.Globalization;

namespace VolunteerBook.AppHost;

/// <summary>
/// Where the mail of a system goes that runs here: to the server that the AppHost's configuration names (<c>Mail:Host</c>), or, where it names none, to a
/// catcher on this machine, which shows it and sends nothing on.
/// </summary>
internal static class MailOfTheGraph
{
    /// <summary>Tells the services that send mail, and starts the catcher where one is needed.</summary>
    /// <returns>Whether it is.</returns>
    public static bool Add(
        IDistributedApplicationBuilder builder, UpOptions options, PortPlan ports, StateFolder state, IEnumerable<IResourceBuilder<ProjectResource>> senders)
    {
        if (options.Variables.ContainsKey("Mail__Host"))
        {
            return false;
        }

        var settings = builder.Configuration.GetSection("Mail").GetChildren().ToDictionary(setting => setting.Key, setting => setting.Value ?? "");
        var catches = string.IsNullOrEmpty(settings.GetValueOrDefault("Host"));
        if (catches)
        {
            var smtp = ports.Smtp.ToString(CultureInfo.InvariantCulture);
            settings = new() { ["Host"] = "127.0.0.1", ["Port"] = smtp, ["Security"] = "none", ["From"] = "Электронная книжка волонтёра <book@localhost>" };
            var catcher = AsBuilt.Run(builder.AddProject<Projects.MailCatcher>("mail", project => project.ExcludeLaunchProfile = true))
                .WithHttpEndpoint(port: ports.Of("mail"), isProxied: false).WithEnvironment(context => AsBuilt.Environment(context, "mail", options, state))
                .WithEnvironment("SmtpPort", smtp).WithHttpHealthCheck("/health");
            if (options.Only is { } only && !only.Contains("mail"))
            {
                catcher.WithExplicitStart();
            }
        }

        foreach (var sender in senders)
        {
            foreach (var (name, value) in settings)
            {
                sender.WithEnvironment($"Mail__{name}", value);
            }
        }

        return catches;
    }
}
