namespace VolunteerBook.ServiceDefaults;

/// <summary>A refusal found where no result can be returned: while a parameter is bound or a session saved.</summary>
public sealed class RefusedException(Refusal refusal) : Exception(refusal.Message)
{
    public Refusal Refusal { get; } = refusal;
}
