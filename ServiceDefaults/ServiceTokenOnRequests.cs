using System.Net.Http.Headers;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Puts the service's token on each request.</summary>
public sealed class ServiceTokenOnRequests(ServiceToken token) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await token.GetAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }
}
