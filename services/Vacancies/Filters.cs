namespace VolunteerBook.Vacancies;

/// <summary>Conditions on a stored document's columns with their values, so that only what was asked for is in the SQL and the planner sees it.</summary>
internal sealed record Filters
{
    public string Sql { get; private init; } = "true";

    public IReadOnlyList<object> Values { get; private init; } = [];

    public Filters And(string condition, params object[] values) => new() { Sql = $"{Sql} and {condition}", Values = [.. Values, .. values] };
}
