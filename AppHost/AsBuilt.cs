namespace VolunteerBook.AppHost;

/// <summary>Services that run here as they were built: `dotnet run` would look at each project again, and stay in memory beside the service.</summary>
public static class AsBuilt
{
    /// <summary>The folder that holds all of it.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(new Projects.Gateway().ProjectPath)!, "..", ".."));

    /// <summary>Runs a project's built program.</summary>
    internal static IResourceBuilder<ProjectResource> Run(IResourceBuilder<ProjectResource> project) =>
        project.WithAnnotation(new ProjectLaunchArgsOverrideAnnotation(["exec", Program(project.Resource.GetProjectMetadata().ProjectPath)]));

    /// <summary>The built program of a project, of the configuration that this one is of.</summary>
    public static string Program(string project)
    {
        // …/AppHost/bin/Release/net10.0, or a test program's that has this one beside it.
        var own = new DirectoryInfo(Path.GetDirectoryName(typeof(AsBuilt).Assembly.Location)!);
        return Path.Combine(
            Path.GetDirectoryName(project)!, "bin", own.Parent!.Name, own.Name, $"VolunteerBook.{Path.GetFileNameWithoutExtension(project)}.dll");
    }

    /// <summary>What a service is told here beside what it is told everywhere.</summary>
    internal static void Environment(EnvironmentCallbackContext context, string name, UpOptions options, StateFolder state)
    {
        var variables = context.EnvironmentVariables;
        variables[StateFolder.Mark] = state.Path;
        variables["ASPNETCORE_ENVIRONMENT"] = EnvironmentName;
        variables["DOTNET_ENVIRONMENT"] = EnvironmentName;
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE"] = "true";
        // Nine processes share one machine's cores: none should spin, keep a heap for each core, or compile its code a third time.
        variables["DOTNET_gcServer"] = "0";
        variables["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        variables["DOTNET_TieredPGO"] = "0";
        // Both ledgers are the ledger.
        variables["OTEL_SERVICE_NAME"] = name.Split('-')[0];
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={name}";
        if (options.Telemetry is { } receiver)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.ToString().TrimEnd('/');
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            // The dashboard's key is for the dashboard.
            variables.Remove("OTEL_EXPORTER_OTLP_HEADERS");
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
        else if (!options.Dashboard)
        {
            variables.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        }

        // Sampled is all that its sender did not ask to leave out: Aspire's own choice would record every look at a service's health.
        variables["OTEL_TRACES_SAMPLER"] = "parentbased_always_on";
        foreach (var (variable, value) in options.Variables)
        {
            variables[variable] = value;
        }
    }

    private static string EnvironmentName =>
        System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Development";
}
