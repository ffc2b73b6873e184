namespace VolunteerBook.Native;

/// <summary>Something the person at the keyboard can act on. The message is whole sentences for them; no stack trace is shown.</summary>
public sealed class LauncherException : Exception
{
    /// <summary>Creates one with its message.</summary>
    public LauncherException(string message) : base(message)
    {
    }

    /// <summary>Creates one with its message and what led to it.</summary>
    public LauncherException(string message, Exception inner) : base(message, inner)
    {
    }
}
