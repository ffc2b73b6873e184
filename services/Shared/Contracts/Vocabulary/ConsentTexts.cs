namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>
/// The texts by which people consent to the processing of their personal data, each by the day from which it was shown (YYYY-MM-DD). The portal shows the
/// last; Profiles records which of them somebody agreed to. What is shown under a version never changes: another text is another version.
/// </summary>
public static class ConsentTexts
{
    /// <summary>The one that is shown now.</summary>
    public const string Current = "2026-12-01";

    /// <summary>All of them, the oldest first.</summary>
    public static readonly IReadOnlyList<string> Versions = [Current];
}
