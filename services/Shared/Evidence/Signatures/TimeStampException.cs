namespace VolunteerBook.Evidence.Signatures;

/// <summary>A time-stamping authority gave no token.</summary>
public sealed class TimeStampException : Exception
{
    public TimeStampException() { }

    public TimeStampException(string message) : base(message) { }

    public TimeStampException(string message, Exception inner) : base(message, inner) { }
}
