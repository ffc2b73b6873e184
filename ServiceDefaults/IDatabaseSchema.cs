namespace VolunteerBook.ServiceDefaults;

/// <summary>What a service needs in its database: tables, indexes and functions of this version.</summary>
public interface IDatabaseSchema
{
    /// <summary>Makes and changes what is missing or of another form. Instances that do so at the same time take turns.</summary>
    Task ApplyAsync(CancellationToken ct);

    /// <summary>What is missing or of another form, a line each; nothing where all is as it must be.</summary>
    Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken ct);
}
