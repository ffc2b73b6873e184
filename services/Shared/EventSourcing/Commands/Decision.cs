using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>What a command comes to: events to append, nothing, or a refusal. Made by a pure function of state, command and time.</summary>
public sealed record Decision
{
    private Decision(IReadOnlyList<object> events, Refusal? refusal)
    {
        Events = events;
        Refusal = refusal;
    }

    public IReadOnlyList<object> Events { get; }

    public Refusal? Refusal { get; }

    /// <summary>The command asks for what already is.</summary>
    public static Decision Nothing { get; } = new([], null);

    public static Decision Append(params object[] events) => new(events, null);

    public static Decision Refuse(Refusal refusal) => new([], refusal);

    /// <summary>Refused, and the attempt itself goes on record.</summary>
    public static Decision RefuseOnRecord(Refusal refusal, params object[] events) => new(events, refusal);

    public static implicit operator Decision(Refusal refusal) => Refuse(refusal);
}
