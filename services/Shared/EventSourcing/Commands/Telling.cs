using Microsoft.AspNetCore.Builder;

namespace VolunteerBook.EventSourcing;

/// <summary>Answers that are not kept, or not whole.</summary>
public static class Telling
{
    /// <summary>This member of the JSON answer is told once: it is not kept for a repeat under the same Idempotency-Key, whose answer lacks it.</summary>
    public static RouteHandlerBuilder TellOnce(this RouteHandlerBuilder endpoint, string member) => endpoint.WithMetadata(new ToldOnce(member));

    /// <summary>This POST changes nothing: under an Idempotency-Key it is answered anew, and nothing of it is kept.</summary>
    public static RouteHandlerBuilder ChangesNothing(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new OnlyAnswers());
}

/// <summary>Metadata of a POST that changes nothing.</summary>
internal sealed record OnlyAnswers;

/// <summary>Metadata of an endpoint whose answer holds a secret.</summary>
internal sealed record ToldOnce(string Member);
