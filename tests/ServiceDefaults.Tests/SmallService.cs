using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace VolunteerBook.ServiceDefaults.Tests;

/// <summary>A service of nothing but what every service has in common, as it runs in production.</summary>
public sealed class SmallService : IAsyncLifetime
{
    private WebApplication app = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        app = builder.Build();
        app.UseServiceDefaults();
        var api = app.MapGroup("/api/v1");
        api.MapPost("/everything", (Everything command) => TypedResults.Ok(command)).AllowAnonymous();
        api.MapPost("/read", async (HttpContext http, CancellationToken ct) => TypedResults.Ok(await http.ReadJsonAsync<Inner>(ct)))
            .WithMetadata(new AcceptsMetadata(["*/*"], typeof(object))).AllowAnonymous();
        api.MapPost("/form", async (HttpContext http, CancellationToken ct) => TypedResults.Ok((await http.Request.ReadFormAsync(ct)).Count))
            .WithMetadata(new AcceptsMetadata(["*/*"], typeof(object))).AllowAnonymous();
        api.MapPost("/files", async (HttpContext http, CancellationToken ct) =>
            TypedResults.Ok((await http.Request.ReadFormAsync(ct)).Files.Select(file => file.Length)))
            .WithMetadata(new AcceptsMetadata(["*/*"], typeof(object))).AllowAnonymous();
        api.MapPost("/bare", () => TypedResults.NoContent()).AllowAnonymous();
        api.MapPost("/lists", (IReadOnlyList<Inner> command) => TypedResults.Ok(command.Count)).AllowAnonymous();
        api.MapGet("/asked/{id:guid}", Results<Ok<Answer>, NotFound> (
            Guid id, DateOnly? from = null, DateTimeOffset? at = null, DateTime? local = null,
            Guid? organisationId = null, [PageSize] int? limit = null, string? q = null) =>
            id == Guid.Empty ? TypedResults.NotFound() : TypedResults.Ok(new Answer(from, at, local, organisationId, limit, q))).AllowAnonymous();
        api.MapGet("/one", () => TypedResults.Ok(new One.View("1"))).AllowAnonymous();
        api.MapGet("/other", () => TypedResults.Ok(new Other.View(2))).AllowAnonymous();
        api.MapGet("/ones", () => TypedResults.Ok(new Many<One.View>([]))).AllowAnonymous();
        api.MapGet("/others", () => TypedResults.Ok(new Many<Other.View>([]))).AllowAnonymous();
        api.MapGet("/open", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=60";
            return TypedResults.Ok("open");
        }).AllowAnonymous();
        api.MapGet("/personal", () => TypedResults.Ok("personal"));
        await app.StartAsync();
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    public async Task<JsonObject> DocumentAsync() => JsonNode.Parse(await Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!.AsObject();
}

public sealed record Inner(string Zone, IReadOnlyList<string>? Tags = null)
{
    /// <summary>Made of others, and only read.</summary>
    public Found? Found => Tags is null ? null : new Found(Zone);
}

public sealed record Found(string Zone);

public sealed record Everything(
    Guid Id, string Text, IReadOnlyList<string> Levels, IReadOnlyList<Inner> Shifts, DateTimeOffset At, DateTime Start, DateOnly Day, int Minutes,
    string? Left, Kind? Kind, string? Note = null, Guid? Other = null, DateTimeOffset? Until = null,
    IReadOnlyDictionary<string, string>? Names = null, Inner? One = null);

public enum Kind
{
    First,
    SecondOne,
}

public sealed record Answer(DateOnly? From, DateTimeOffset? At, DateTime? Local, Guid? OrganisationId, int? Limit, string? Q);

public sealed record Many<T>(IReadOnlyList<T> Items);

public static class One
{
    public sealed record View(string Text);
}

public static class Other
{
    public sealed record View(int Number);
}
