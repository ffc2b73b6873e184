using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Forms;

/// <summary>
/// A ready field mapping from a record to what another body's form asks for: a pure function. A form's identifier stands for its fields for
/// ever; other fields get the next version.
/// </summary>
/// <param name="Name">What <c>form=</c> names it by, e.g. <c>education</c>: its latest version.</param>
/// <param name="Version">Version of its fields, from 1.</param>
/// <param name="NeedsEntries">Whether sums alone are not enough.</param>
/// <param name="Map">The mapping.</param>
public sealed record Form(string Name, int Version, bool NeedsEntries, Func<BookRecord, object> Map)
{
    /// <summary>All forms, in the order of the agencies' kinds.</summary>
    public static IReadOnlyList<Form> All { get; } =
        [EducationForm.Mapping, EmploymentForm.Mapping, TaxationForm.Mapping, SocialProtectionForm.Mapping, PensionForm.Mapping];

    /// <summary>Stable identifier, in every document of the form: <c>urn:volunteerbook:form:education:1</c>.</summary>
    public string Id => $"urn:volunteerbook:form:{Name}:{Version}";

    /// <summary>Says that a form lists work one by one and the grant gives sums.</summary>
    public static Refusal EntriesNotGranted { get; } = Refusal.Conflict("entries-not-granted", "This form lists entries, but the grant gives totals only.");

    /// <summary>The form of this name, null where none is named; refuses a name that is none of the forms'.</summary>
    public static Form? Find(string? name) => string.IsNullOrEmpty(name) ? null
        : All.FirstOrDefault(form => form.Name == name)
            ?? throw new RefusedException(Refusal.Invalid("unknown-form", "form",
                $"The form must be one of {string.Join(", ", All.Select(form => form.Name))}."));
}

/// <summary>Work for one organisation, as the forms list it.</summary>
/// <param name="OrganisationId">The organisation; Profiles knows its name and OGRN under this id.</param>
/// <param name="From">Day of the first work.</param>
/// <param name="To">Day of the last work.</param>
/// <param name="Minutes">Minutes, each counted once.</param>
/// <param name="Entries">How many confirmed entries.</param>
public sealed record OrganisationWork(Guid OrganisationId, DateOnly From, DateOnly To, int Minutes, int Entries)
{
    /// <summary>The entries by organisation, the earliest work first.</summary>
    public static IReadOnlyList<OrganisationWork> Of(IEnumerable<RecordEntry> entries) =>
    [
        .. entries.GroupBy(entry => entry.OrganisationId)
            .Select(work => new OrganisationWork(
                work.Key, work.Min(entry => entry.From), work.Max(entry => entry.To), work.Sum(entry => entry.CountedMinutes ?? entry.Minutes), work.Count()))
            .OrderBy(work => work.From).ThenBy(work => work.OrganisationId),
    ];
}
