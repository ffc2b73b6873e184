namespace VolunteerBook.Portal.Parts;

/// <summary>A step of a <see cref="Stepper"/>.</summary>
/// <param name="Text">What it is.</param>
/// <param name="State">One of the constants.</param>
/// <param name="At">When it was done, UTC.</param>
public sealed record Step(string Text, string State, DateTimeOffset? At = null)
{
    /// <summary>It has been done.</summary>
    public const string Done = "done";

    /// <summary>It is waited for.</summary>
    public const string Now = "now";

    /// <summary>It comes after that.</summary>
    public const string Later = "later";

    /// <summary>It was done and ended badly.</summary>
    public const string Bad = "bad";
}
