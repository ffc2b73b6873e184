namespace VolunteerBook.ServiceDefaults;

/// <summary>The database is not as this version needs it, and is not to be changed at the start.</summary>
public sealed class SchemaDiffersException(string service, IReadOnlyList<string> differences) : Exception(
    $"{service} does not start: its database does not match this version "
    + $"({string.Join("; ", differences.Take(MostNamed))}{(differences.Count > MostNamed ? $"; {differences.Count - MostNamed} more" : "")}). "
    + "Run this program with `db apply`, or set Database:ApplyAtStart.")
{
    private const int MostNamed = 5;
}
