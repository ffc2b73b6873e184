using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Who calls, as the access token says.</summary>
public sealed class Caller(ClaimsPrincipal user)
{
    /// <summary>The subject as it stands in the token, or <c>anonymous</c>.</summary>
    public string Subject { get; } = user.FindFirstValue("sub") ?? "anonymous";

    /// <summary>The caller's id in the domain: the subject where it is a GUID, else a stable GUID made of it.</summary>
    public Guid Id => Guid.TryParse(Subject, out var id) ? id : StableId(Subject);

    public bool IsSignedIn => user.Identity?.IsAuthenticated == true;

    public bool IsPerson => HasScope("book");

    public bool IsOrganisation => HasScope("organisation");

    public bool IsAgency => HasScope("agency");

    public bool IsAdministrator => IsPerson && user.IsInRole("administrator");

    public bool IsAnalyst => HasScope("events") || user.IsInRole("analyst") || user.IsInRole("administrator");

    /// <summary>What kind of caller this is, as histories show it.</summary>
    public string Kind => IsPerson ? "person" : IsSignedIn ? "machine" : "anonymous";

    public bool HasScope(string scope) =>
        user.FindAll("scope").Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));

    public static ValueTask<Caller> BindAsync(HttpContext http) => ValueTask.FromResult(new Caller(http.User));

    private static Guid StableId(string subject) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("volunteerbook-subject:" + subject)).AsSpan(0, 16), bigEndian: true);
}
