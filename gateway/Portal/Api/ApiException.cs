namespace VolunteerBook.Portal.Api;

/// <summary>Reading was refused or the service is away; ends on an error page with the same meaning.</summary>
public sealed class ApiException(Problem problem) : Exception($"The API answered {problem.Status} {problem.Code}")
{
    /// <summary>What the API said.</summary>
    public Problem Problem { get; } = problem;
}
