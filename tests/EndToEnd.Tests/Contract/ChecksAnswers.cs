using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VolunteerBook.EndToEnd.Tests.Contract;

/// <summary>Holds every answer of the API against its document: a status, a media type and a body that it does not name fail the test that got them.</summary>
public sealed class ChecksAnswers(ApiDocument document, HttpMessageHandler network) : DelegatingHandler(network)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (document.Find(request.Method.Method, request.RequestUri!.AbsolutePath) is { } operation
            && await FaultAsync(operation, response, cancellationToken) is { } fault)
        {
            throw new InvalidOperationException($"{operation.Name} answered what its document does not name: {fault}");
        }

        return response;
    }

    private async Task<string?> FaultAsync(Operation operation, HttpResponseMessage response, CancellationToken ct)
    {
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        // What the gateway says of a service that is away holds for every operation alike.
        var declared = status[0] == '5' ? document.ServiceAway : operation.Json["responses"]![status] as JsonObject;
        if (declared is null)
        {
            return $"{status} {await response.Content.ReadAsStringAsync(ct)}";
        }

        var media = response.Content.Headers.ContentType?.MediaType;
        if (declared["content"] is not JsonObject content)
        {
            return response.Content.Headers.ContentLength is null or 0 ? null : $"{status} with a body of {media}";
        }

        if (media is null || content[media] is not JsonObject described)
        {
            return $"{status} as {media ?? "nothing"}";
        }

        // Events are read as they come.
        if (media != "application/json" && !media.EndsWith("+json", StringComparison.Ordinal))
        {
            return null;
        }

        await response.Content.LoadIntoBufferAsync(ct);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(ct));
        return Schemas.Faults(document, body, described["schema"]!.AsObject(), "$").FirstOrDefault() is { } fault
            ? $"{status}: {fault} in {body?.ToJsonString(new JsonSerializerOptions { WriteIndented = false })}"
            : null;
    }
}
