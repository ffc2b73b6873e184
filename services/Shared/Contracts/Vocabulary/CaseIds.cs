using System.Globalization;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>The id of the case that a submission opens: known to the book before Verification has heard of it.</summary>
public static class CaseIds
{
    /// <summary>UUIDv5 of the submission's number in the entry's own namespace.</summary>
    public static Guid Of(Guid entryId, int revision) => Uuid.V5(entryId, "case/" + revision.ToString(CultureInfo.InvariantCulture));
}
