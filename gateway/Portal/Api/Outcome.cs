namespace VolunteerBook.Portal.Api;

/// <summary>How a change ended: done, or refused with a problem. A change never throws: what was typed stays on the page.</summary>
public sealed record Outcome<T>(T? Value, Problem? Problem)
{
    /// <summary>The change was made.</summary>
    public bool Done => Problem is null;
}

/// <summary>The answer to a creation.</summary>
public sealed record Created(Guid Id);

/// <summary>An answer without a body.</summary>
public sealed record NoBody;
