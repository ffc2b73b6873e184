using System.Net.Http.Headers;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>The name of a volunteer as far as the caller may see it: Profiles decides that, by the caller's own token.</summary>
public sealed class VolunteerNames(HttpClient profiles)
{
    private sealed record VolunteerName(Guid Id, string? DisplayName);

    /// <summary>The name; null where it is not the caller's to see.</summary>
    public async Task<string?> AsSeenByCallerAsync(Guid volunteer, HttpContext http, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/volunteers/names?ids={volunteer}");
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization.ToString());
        using var response = await profiles.SendAsync(request, ct);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<List<VolunteerName>>(Json.Options, ct))!
            .FirstOrDefault(one => one.Id == volunteer)?.DisplayName;
    }
}
