namespace VolunteerBook.Native;

/// <summary>A process of ours: what Aspire's model in AppHost/Program.cs says of it, for the launcher.</summary>
/// <param name="Name">The service's name, as in addresses and connection strings.</param>
/// <param name="Project">The project's folder below the repository.</param>
/// <param name="PortOffset">The port, counted from the base.</param>
/// <param name="HasStore">Whether it has a database of its own, of the same name.</param>
/// <param name="UsesBroker">Whether it talks to RabbitMQ.</param>
/// <param name="Instance">1 for the first instance of a service.</param>
internal sealed record ServiceModel(string Name, string Project, int PortOffset, bool HasStore = true, bool UsesBroker = true, int Instance = 1)
{
    /// <summary>All processes, in the order they are started; they are stopped in the reverse order.</summary>
    public static readonly IReadOnlyList<ServiceModel> All =
    [
        new("identity", "services/Identity", 2, UsesBroker: false),
        new("profiles", "services/Profiles", 3),
        new("ledger", "services/Ledger", 4),
        new("ledger", "services/Ledger", 14, Instance: 2),
        new("verification", "services/Verification", 5),
        new("vacancies", "services/Vacancies", 6),
        new("reporting", "services/Reporting", 7),
        new("portal", "gateway/Portal", 1, UsesBroker: false),
        new("gateway", "gateway/Gateway", 0, HasStore: false, UsesBroker: false),
    ];

    /// <summary>The process's name: <c>ledger</c>, and <c>ledger-2</c> for the second instance.</summary>
    public string ProcessName => Instance == 1 ? Name : $"{Name}-{Instance}";

    /// <summary>The built program.</summary>
    public string Assembly(NativeSystemOptions options) => Path.Combine(
        options.RepositoryRoot, Project, "bin", options.Configuration, "net10.0", $"VolunteerBook.{Path.GetFileName(Project)}.dll");
}
