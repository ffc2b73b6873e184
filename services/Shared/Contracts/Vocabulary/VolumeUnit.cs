namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A unit in which work of some kinds is measured.</summary>
/// <param name="Code">Stable code, e.g. <c>trees</c>.</param>
/// <param name="Russian">Short name in Russian, as it stands behind a number.</param>
/// <param name="English">Short name in English.</param>
/// <param name="Sections">Letters of the ICNP/TSO sections whose work it measures; empty for all.</param>
public sealed record VolumeUnit(string Code, string Russian, string English, string Sections)
{
    /// <summary>Whether work of this type is measured so.</summary>
    public bool Measures(string taskType) => Sections.Length == 0 || (taskType.Length > 0 && Sections.Contains(taskType[0], StringComparison.Ordinal));
}
