using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Turns what is thrown into the refusal that it means.</summary>
internal sealed class RefusalOfException(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext http, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            RefusedException refused => refused.Refusal.ToProblemDetails(),
            BadHttpRequestException { InnerException: JsonException json } => Malformed(json).ToProblemDetails(),
            BadHttpRequestException bad when Parameter(bad) is { } name => (IsOfBody(bad)
                ? Refusal.Invalid("malformed-json", "$", "The body is missing.")
                : Refusal.Invalid("malformed-value", name, $"The value of {name} is missing or is not of the right type.")).ToProblemDetails(),
            BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode, Title = bad.Message },
            // By name, because only EventSourcing knows Marten.
            { } stale when stale.GetType().Name is "ConcurrencyException" or "EventStreamUnexpectedMaxEventIdException" =>
                (http.Request.Headers.IfMatch.Count > 0 ? StaleVersion : ChangedMeanwhile).ToProblemDetails(),
            // Who named version 0 saw nothing there, and now there is something.
            { } begun when begun.GetType().Name is "ExistingStreamIdCollisionException"
                && http.Request.Headers.IfMatch.Count > 0 => StaleVersion.ToProblemDetails(),
            { } collision when collision.GetType().Name is "ExistingStreamIdCollisionException" or "DocumentAlreadyExistsException"
                || BreaksUniqueness(collision) =>
                Refusal.Conflict("exists-already", "Another request created it at the same moment.").ToProblemDetails(),
            _ => null,
        };
        if (problem is null)
        {
            return false;
        }

        http.Response.StatusCode = problem.Status ?? StatusCodes.Status400BadRequest;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = problem, Exception = exception });
    }

    internal static Refusal StaleVersion { get; } = new(
        "stale-version", StatusCodes.Status412PreconditionFailed, "It has changed since it was read; read it again.");

    // Of who named no version, none is stale.
    private static Refusal ChangedMeanwhile { get; } = Refusal.Conflict(
        "changed-meanwhile", "Somebody else changed it at the same moment; send your request again.");

    // SQLSTATE unique_violation.
    private static bool BreaksUniqueness(Exception? exception) =>
        exception is not null && (exception is DbException { SqlState: "23505" } || BreaksUniqueness(exception.InnerException));

    // Which value of the address or the headers it was is said in the message only: Failed to bind parameter "long after" from "first".
    private static string? Parameter(BadHttpRequestException bad) =>
        bad.Message.Split('"') is [var before, var declared, ..] && before.Contains("arameter ", StringComparison.Ordinal) ? declared.Split(' ')[^1] : null;

    // A body that is not there, or is null: Required parameter "CorrectEntry command" was not provided from body.
    private static bool IsOfBody(BadHttpRequestException bad) => bad.Message.Contains("body", StringComparison.Ordinal);

    private static Refusal Malformed(JsonException json)
    {
        var path = (json as BrokenRuleException)?.Where ?? json.Path ?? "$";
        var field = path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path;
        if (json is BrokenRuleException broken)
        {
            return Refusal.Invalid(broken.Code, field, broken.Message);
        }

        if (json.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return Refusal.Unknown("member", field);
        }

        if (json.Message.StartsWith("Duplicate property", StringComparison.Ordinal))
        {
            return Refusal.Invalid("malformed-json", field, $"The member {field} must be given only once.");
        }

        // A missing required member is named in the message only, after the path of what lacks it.
        if (json.Message.Split('\'') is [_, _, _, var member, ..] && json.Message.Contains("required", StringComparison.Ordinal))
        {
            field = field == "$" ? member : $"{field}.{member}";
        }

        return Refusal.Invalid("malformed-json", field, "The value is missing or is not of the right type.");
    }
}
