namespace VolunteerBook.Ledger.Exchange.Forms;

/// <summary>A time in which somebody volunteered for an organisation.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Caring">Whether it was care for older people or people with disabilities (ICNP/TSO C30 to C39, D12, D13).</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Minutes">Minutes, each counted once.</param>
/// <param name="Entries">How many confirmed entries.</param>
public sealed record VolunteeringPeriod(Guid OrganisationId, bool Caring, DateOnly From, DateOnly To, int Minutes, int Entries);

/// <summary>
/// For the pension fund: periods of volunteering by organisation, care apart from other work. Whether a period counts beside insured ones (Russian law 400-FZ,
/// article 12, names care among them) is the fund's to decide: a period here says from which day to which, and how many minutes in it are confirmed.
/// </summary>
/// <param name="Form">Identifier of the form.</param>
/// <param name="VolunteerId">The insured person's book.</param>
/// <param name="IssuedAt">When it was made, UTC.</param>
/// <param name="Periods">The periods, the earliest first.</param>
public sealed record PensionForm(string Form, Guid VolunteerId, DateTimeOffset IssuedAt, IReadOnlyList<VolunteeringPeriod> Periods)
{
    /// <summary>The mapping.</summary>
    public static Form Mapping { get; } = new("pension", 1, NeedsEntries: true, Of);

    /// <summary>Fills the form.</summary>
    public static PensionForm Of(BookRecord record) => new(
        Mapping.Id, record.VolunteerId, record.At,
        [
            .. (record.Entries ?? []).GroupBy(IsCare)
                .SelectMany(kind => OrganisationWork.Of(kind)
                    .Select(work => new VolunteeringPeriod(work.OrganisationId, kind.Key, work.From, work.To, work.Minutes, work.Entries)))
                .OrderBy(period => period.From).ThenBy(period => period.OrganisationId).ThenBy(period => period.Caring),
        ]);

    private static bool IsCare(RecordEntry entry) => entry.TaskType is "D12" or "D13" || entry.TaskType.StartsWith("C3", StringComparison.Ordinal);
}
