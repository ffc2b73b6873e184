using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Exchange.Forms;

/// <summary>
/// One line of experience. The names of its members are those of the résumé of hh.ru's interface, but for
/// <c>company_id</c>, which here is the organisation's id.
/// </summary>
/// <param name="CompanyId">The organisation.</param>
/// <param name="Position">The role in Russian: by the highest responsibility in the project.</param>
/// <param name="Start">Month of the first work, <c>2024-05</c>.</param>
/// <param name="End">Month of the last work.</param>
/// <param name="Description">Name of the project, as its latest work writes it.</param>
/// <param name="Areas">Regions, ISO 3166-2.</param>
/// <param name="TaskTypes">Kinds of work, ICNP/TSO codes.</param>
/// <param name="Hours">Whole hours, rounded down.</param>
/// <param name="Minutes">The minutes that these are made of, each counted once.</param>
public sealed record Experience(
    Guid CompanyId, string Position, string Start, string End, string Description,
    IReadOnlyList<string> Areas, IReadOnlyList<string> TaskTypes, int Hours, int Minutes);

/// <summary>For employment services and employers' portals: a list of experience in the manner of a work book, one line a project, the latest first.</summary>
/// <param name="Form">Identifier of the form.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="IssuedAt">When it was made, UTC.</param>
/// <param name="Employment">Kind of employment: always <c>volunteer</c>.</param>
/// <param name="Experience">The lines.</param>
/// <param name="TotalHours">Whole hours in all, rounded down once.</param>
/// <param name="TotalMinutes">The minutes that these are made of: the lines' minutes together.</param>
public sealed record EmploymentForm(
    string Form, Guid VolunteerId, DateTimeOffset IssuedAt, string Employment, IReadOnlyList<Experience> Experience, long TotalHours, long TotalMinutes)
{
    /// <summary>The mapping.</summary>
    public static Form Mapping { get; } = new("employment", 2, NeedsEntries: true, Of);

    /// <summary>Fills the form.</summary>
    public static EmploymentForm Of(BookRecord record) => new(
        Mapping.Id, record.VolunteerId, record.At, "volunteer",
        [
            .. (record.Entries ?? []).GroupBy(entry => (entry.OrganisationId, Project: ProjectName.Key(entry.Project)))
                .OrderByDescending(project => project.Max(entry => entry.To)).ThenBy(project => project.Key.Project, StringComparer.Ordinal).Select(Line),
        ],
        record.Totals.Minutes / 60, record.Totals.Minutes);

    private static Experience Line(IGrouping<(Guid OrganisationId, string Project), RecordEntry> project)
    {
        var minutes = project.Sum(entry => entry.CountedMinutes ?? entry.Minutes);
        return new Experience(
            project.Key.OrganisationId, Position(project.Max(entry => entry.Level)), Month(project.Min(entry => entry.From)),
            Month(project.Max(entry => entry.To)), project.MaxBy(entry => entry.To)!.Project,
            [.. project.Select(entry => entry.Region).Distinct().Order(StringComparer.Ordinal)],
            [.. project.Select(entry => entry.TaskType).Distinct().Order(StringComparer.Ordinal)],
            minutes / 60, minutes);
    }

    private static string Month(DateOnly day) => day.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    private static string Position(ResponsibilityLevel level) => level switch
    {
        ResponsibilityLevel.TeamLead => "Волонтёр, руководитель группы",
        ResponsibilityLevel.Coordinator => "Волонтёр-координатор",
        ResponsibilityLevel.Expert => "Волонтёр-эксперт",
        _ => "Волонтёр",
    };
}
