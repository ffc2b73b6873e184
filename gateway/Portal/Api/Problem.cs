using System.Text.Json;

namespace VolunteerBook.Portal.Api;

/// <summary>A refusal in the form of RFC 9457, as every service gives it.</summary>
/// <param name="Type">Address ending in a stable code in kebab-case; the portal translates by it.</param>
/// <param name="Title">The rule in English.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">More about this one refusal, in English.</param>
/// <param name="Errors">Messages by JSON path of the field, such as <c>shifts[0].minutes</c>.</param>
/// <param name="Codes">The stable codes of the rules that the fields break, as <paramref name="Errors"/>.</param>
/// <param name="TraceId">Finds the request in the telemetry.</param>
/// <param name="Reason">Reason code of a refused signature.</param>
/// <param name="CaseIds">Of many cases, those that cannot be confirmed.</param>
/// <param name="Characters">What documents cannot print.</param>
/// <param name="Texts">Where they stand.</param>
/// <param name="Line">Where in a document it is, from 1.</param>
/// <param name="Columns">Headers of a document's columns that it is about.</param>
public sealed record Problem(
    string? Type, string? Title, int Status, string? Detail, Dictionary<string, string[]>? Errors,
    Dictionary<string, string[]>? Codes, string? TraceId, string? Reason,
    IReadOnlyList<Guid>? CaseIds = null, string? Characters = null,
    IReadOnlyList<string>? Texts = null, int? Line = null, IReadOnlyList<string>? Columns = null)
{
    /// <summary>The gateway or a service did not answer.</summary>
    public static readonly Problem Away = new("service-away", null, StatusCodes.Status503ServiceUnavailable, null, null, null, null, null);

    /// <summary>There is nothing, or nothing for who asks.</summary>
    public static readonly Problem Absent = new("not-found", null, StatusCodes.Status404NotFound, null, null, null, null, null);

    /// <summary>The last part of <see cref="Type"/>; empty when the answer carried none.</summary>
    public string Code => Type is null or "about:blank" ? "" : Type[(Type.LastIndexOf('/') + 1)..];

    /// <summary>Nothing was decided: the same request may be sent again.</summary>
    public bool IsPassing => Status is 408 or 429 or >= 500;

    /// <summary>The same, about an input that the page calls otherwise than the API.</summary>
    public Problem Renamed(string field, string input)
    {
        return this with { Errors = Rename(Errors), Codes = Rename(Codes) };

        Dictionary<string, string[]>? Rename(Dictionary<string, string[]>? fields) =>
            fields?.ToDictionary(pair => pair.Key == field ? input : pair.Key, pair => pair.Value);
    }

    /// <summary>Reads a problem from an answer; one that is not a problem still says its status.</summary>
    public static async Task<Problem> Of(HttpResponseMessage response, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var none = new Problem(null, null, status, null, null, null, null, null);
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json")) return none;
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<Problem>(GatewayApi.Json, ct) ?? none;
            return problem with { Status = status };
        }
        catch (JsonException)
        {
            // A proxy on the way answered in its own words: the status is all there is to know.
            return none;
        }
    }
}
