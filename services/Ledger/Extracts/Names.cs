using System.Net;
using System.Net.Http.Headers;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>The name of who orders a document, and names of organisations, read from Profiles when a document is made; the ledger keeps neither.</summary>
public sealed class Names(HttpClient profiles)
{
    private sealed record PersonName(string Family, string Given, string? Patronymic = null);

    private sealed record OwnProfile(PersonName? Name, DateOnly? BirthDate);

    private sealed record OrganisationName(string Name);

    /// <summary>Who the caller is, by the caller's own token; null for one who is not registered or was erased.</summary>
    public async Task<(string Name, DateOnly? BirthDate)?> OfCallerAsync(HttpContext http, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/volunteers/me");
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(http.Request.Headers.Authorization.ToString());
        using var response = await profiles.SendAsync(request, ct);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        var own = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OwnProfile>(Json.Options, ct);
        return own?.Name is { } name
            ? (string.Join(' ', new[] { name.Family, name.Given, name.Patronymic }.Where(part => !string.IsNullOrWhiteSpace(part))), own.BirthDate)
            : null;
    }

    /// <summary>The names of organisations; one that Profiles does not know is called by its id.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> OfOrganisationsAsync(IEnumerable<Guid> organisations, CancellationToken ct)
    {
        var names = await Task.WhenAll(organisations.Distinct().Select(async id =>
        {
            using var response = await profiles.GetAsync(new Uri($"/api/v1/organisations/{id}", UriKind.Relative), ct);
            return response.StatusCode == HttpStatusCode.NotFound
                ? (id, Name: id.ToString())
                : (id, (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<OrganisationName>(Json.Options, ct))!.Name);
        }));
        return names.ToDictionary(pair => pair.id, pair => pair.Name);
    }
}
