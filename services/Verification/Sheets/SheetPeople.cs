using System.Net.Http.Headers;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// Those whom a document names otherwise than by their code. Who they are is asked of Profiles, by the caller's own token; their names and addresses lie there,
/// sealed and for a time, and here only their numbers.
/// </summary>
public sealed class SheetPeople(HttpClient profiles)
{
    private static readonly Refusal Away = new(
        "profiles-away", StatusCodes.Status503ServiceUnavailable, "The people in the sheet cannot be looked up just now; try again in a minute.");

    private sealed record KeepPeopleList(IReadOnlyList<WrittenPerson> People);

    /// <summary>Has Profiles keep them under their numbers, from 1.</summary>
    /// <exception cref="RefusedException">Profiles is away.</exception>
    public async Task KeepAsync(Guid list, Guid organisation, IReadOnlyList<WrittenPerson> people, HttpContext http, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/organisations/{organisation}/people-lists/{list}")
        {
            Content = JsonContent.Create(new KeepPeopleList(people), options: Json.Options),
        };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization.ToString());
        try
        {
            using var response = await profiles.SendAsync(request, ct);
            if (!response.IsSuccessStatusCode)
            {
                throw new RefusedException(Away);
            }
        }
        // Time-outs and open circuits come from the resilience layer as exceptions of its own.
        catch (Exception failure) when (!ct.IsCancellationRequested && (failure is HttpRequestException or OperationCanceledException
            || failure.GetType().Namespace?.StartsWith("Polly", StringComparison.Ordinal) is true))
        {
            throw new RefusedException(Away);
        }
    }
}
