using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>The rule that proofs share.</summary>
internal static class Published
{
    public static Refusal? Size(string field, long size, long latest) =>
        size < 0 || size > latest ? Refusal.Invalid("size-out-of-range", field,
            $"The size must be between 0 and that of the latest checkpoint, {latest}.") : null;
}
