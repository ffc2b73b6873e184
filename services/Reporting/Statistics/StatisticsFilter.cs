using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Reporting.Statistics;

/// <summary>Which hours the figures are of; what is null does not narrow.</summary>
/// <param name="From">The first month.</param>
/// <param name="To">The last month, included.</param>
/// <param name="Region">ISO 3166-2 code of where the work was done.</param>
/// <param name="TaskType">ICNP/TSO code, exactly: a group does not stand for its sub-groups.</param>
/// <param name="OrganisationId">The receiving organisation.</param>
public sealed record StatisticsFilter(Month? From, Month? To, string? Region, string? TaskType, Guid? OrganisationId)
{
    /// <summary>Reads what stands in the address, or says all that is wrong with it, each with its field. An empty value is as good as none.</summary>
    /// <exception cref="RefusedException">A value breaks its rule.</exception>
    public static StatisticsFilter Parse(string? from, string? to, string? region, string? taskType, string? organisationId)
    {
        Month first = default, last = default;
        Guid organisation = default;
        var refusal = Refusal.All(
        [
            Given(from) && !Month.TryParse(from!, out first) ? MalformedMonth("from") : null,
            Given(to) && !Month.TryParse(to!, out last) ? MalformedMonth("to") : null,
            first.Number > 0 && last.Number > 0 && first.Number > last.Number
                ? Refusal.Invalid("months-out-of-order", "to", "The last month must not be before the first.") : null,
            VocabularyRules.Filter(region, taskType),
            Given(organisationId) && (!Guid.TryParseExact(organisationId, "D", out organisation) || organisation == Guid.Empty)
                ? Refusal.Invalid("malformed-id", "organisationId", "The organisation's id must be a UUID.") : null,
        ]);
        return refusal is null
            ? new StatisticsFilter(
                Given(from) ? first : null, Given(to) ? last : null, Given(region) ? region : null, Given(taskType) ? taskType : null,
                Given(organisationId) ? organisation : null)
            : throw new RefusedException(refusal);
    }

    private static bool Given(string? value) => !string.IsNullOrEmpty(value);

    private static Refusal MalformedMonth(string field) => Refusal.Invalid("malformed-month", field, "A month must be written as 2026-05.");
}
