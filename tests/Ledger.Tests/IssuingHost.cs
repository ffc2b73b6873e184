using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>The ledger beside a stand-in for Profiles, which knows one person and calls every organisation by one name.</summary>
public sealed class IssuingHost : IAsyncLifetime
{
    private WebApplication profiles = null!;

    public TestAuthority Authority { get; private set; } = null!;

    public ServiceHost<Entry> Service { get; private set; } = null!;

    public TestPublisher Verification { get; private set; } = null!;

    public HashSet<Guid> Unregistered { get; } = [];

    /// <summary>Given names of those who are not called Агния.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<Guid, string> Called { get; } = [];

    public ServiceSettings Settings { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Authority = await TestAuthority.StartAsync();
        Verification = await TestPublisher.StartAsync("verification");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        profiles = builder.Build();
        profiles.MapGet("/api/v1/volunteers/me", (HttpContext http) =>
            Unregistered.Contains(Subject(http)) ? Results.NotFound() : Results.Json(new
            {
                name = new { family = "Ёлкина", given = Called.GetValueOrDefault(Subject(http), "Агния"), patronymic = "Щербаковна" },
                birthDate = "1999-01-31",
            }));
        profiles.MapGet("/api/v1/organisations/{id:guid}", () => Results.Json(new { name = "АНО «Тёплый дом № 1»" }));
        profiles.Urls.Add("http://127.0.0.1:0");
        await profiles.StartAsync();
        Settings = ServiceSettings.For(
            "ledger", await TestInfrastructure.CreateDatabaseAsync("ledger"), await TestInfrastructure.CreateVirtualHostAsync(), Authority)
            .WithService("profiles", new Uri(profiles.Urls.First()))
            .WithService("verification", Verification.Address)
            .With("CatchUp:Interval", "00:00:00.1")
            .With("Log:CheckpointInterval", "00:00:00.2");
        Service = await ServiceHost.StartAsync<Entry>(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Verification.DisposeAsync();
        await profiles.DisposeAsync();
        await Authority.DisposeAsync();
    }

    public HttpClient Volunteer(Guid id) => Service.Client(Authority.PersonToken(id));

    // The token is the ledger's to check; here only its subject is read.
    private static Guid Subject(HttpContext http)
    {
        var payload = http.Request.Headers.Authorization.ToString().Split('.')[1];
        return JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload)).RootElement.GetProperty("sub").GetGuid();
    }
}
