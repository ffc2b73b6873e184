using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Exchange.Forms;

/// <summary>Unpaid work for an organisation, entry by entry.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Project">Name of the project.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Minutes">Minutes, each counted once.</param>
/// <param name="Income">Pay for the work, roubles: always 0, volunteers are not paid.</param>
/// <param name="CaseId">The case in which the organisation confirmed it.</param>
/// <param name="Grade">How well it is evidenced.</param>
public sealed record UnpaidWork(Guid OrganisationId, string Project, DateOnly From, DateOnly To, int Minutes, decimal Income, Guid CaseId, EvidenceGrade Grade);

/// <summary>
/// For the tax authority: that the work was volunteering in the sense of federal law 135-FZ and brought no income, so that what organisations paid back for
/// expenses is exempt (Russian Tax Code, article 217, item 3.1). The book knows no payments: the amounts of expenses are the organisation's to say.
/// </summary>
/// <param name="Form">Identifier of the form.</param>
/// <param name="VolunteerId">The taxpayer's book.</param>
/// <param name="IssuedAt">When it was made, UTC.</param>
/// <param name="Unpaid">Always true.</param>
/// <param name="Income">Pay for the work, roubles: always 0.</param>
/// <param name="ExemptUnder">The rule of exemption: always <c>НК РФ, ст. 217, п. 3.1</c>.</param>
/// <param name="Work">The work.</param>
public sealed record TaxationForm(
    string Form, Guid VolunteerId, DateTimeOffset IssuedAt, bool Unpaid, decimal Income, string ExemptUnder, IReadOnlyList<UnpaidWork> Work)
{
    /// <summary>The mapping.</summary>
    public static Form Mapping { get; } = new("taxation", 1, NeedsEntries: true, Of);

    /// <summary>Fills the form.</summary>
    public static TaxationForm Of(BookRecord record) => new(
        Mapping.Id, record.VolunteerId, record.At, true, 0, "НК РФ, ст. 217, п. 3.1",
        [
            .. (record.Entries ?? []).Select(entry => new UnpaidWork(
                entry.OrganisationId, entry.Project, entry.From, entry.To, entry.CountedMinutes ?? entry.Minutes, 0, entry.CaseId, entry.Grade)),
        ]);
}
