namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>How much was done (F41), beside how long it took: 40 trees, 120 meals.</summary>
/// <param name="Amount">Whole units, 1 to 1,000,000.</param>
/// <param name="Unit">Code of a unit, see <see cref="VolumeUnits"/>.</param>
public sealed record Volume(int Amount, string Unit)
{
    public const int MostAmount = 1_000_000;
}
