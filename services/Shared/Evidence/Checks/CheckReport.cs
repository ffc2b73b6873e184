namespace VolunteerBook.Evidence.Checks;

/// <summary>Something that was looked at.</summary>
/// <param name="Stands">Whether it is as it should be; null for what is only told.</param>
/// <param name="About">What it is about, in a word or two.</param>
/// <param name="Text">What was found, in a sentence for a person.</param>
public sealed record Finding(bool? Stands, string About, string Text);

/// <summary>What a check found.</summary>
/// <param name="Kind">What the file is.</param>
/// <param name="Findings">Everything that was looked at, in order. After the first signature that does not stand nothing more is.</param>
public sealed record CheckReport(CheckedKind Kind, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether the file was recognised and everything stands.</summary>
    public bool Ok => Kind != CheckedKind.Unknown && Findings.Any(finding => finding.Stands == true) && Findings.All(finding => finding.Stands != false);

    /// <summary>Why it was refused: the first that does not stand; null where all does.</summary>
    public Finding? Refusal => Findings.FirstOrDefault(finding => finding.Stands == false);
}
