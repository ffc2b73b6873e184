using System.Net.Http.Headers;
using System.Text.Json;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>One instance of a service made for these tests, in this process, on a real port, made of exactly what the real services are made of.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<HttpClient> clients = [];
    private bool stopped;

    private RunningService(WebApplication app, string database)
    {
        this.app = app;
        Database = database;
    }

    public Uri Address => new(app.Urls.First());

    public IServiceProvider Services => app.Services;

    public string Database { get; }

    public Faults Faults => Services.GetRequiredService<Faults>();

    public IDocumentStore Store => Services.GetRequiredService<IDocumentStore>();

    /// <summary>The service that counts, and publishes what it counted.</summary>
    public static Task<RunningService> StartCountingAsync(ServiceSettings settings, Action<InboxBuilder, Faults>? readers = null) =>
        StartAsync("counting", settings, Count, readers, Counters.Map);

    /// <summary>The same as it is built to run a verb, and not started.</summary>
    public static RunningService Built(ServiceSettings settings) => Built("counting", settings, Count, null, Counters.Map, null);

    /// <summary>The same service as a later version of it: with other events, and what it publishes of them.</summary>
    public static Task<RunningService> StartCountingAsync(ServiceSettings settings, Action<StoreOptions> configure, Func<IEvent, object?> toContract) =>
        StartAsync("counting", settings, configure, null, _ => { }, toContract);

    /// <summary>The service that listens to <c>counting</c>, and to <c>other</c>.</summary>
    public static Task<RunningService> StartTallyingAsync(ServiceSettings settings, Action<InboxBuilder, Faults>? readers = null) =>
        StartAsync("tallying", settings, options =>
        {
            options.Events.MapEventType<Tallied>("tallied");
            options.Projections.Snapshot<Tally>(SnapshotLifecycle.Inline);
            options.Schema.For<Label>();
        }, readers ?? ((inbox, faults) => inbox.Reader("tallies", version: 1, reader => reader
            .On<CountedV1>("counting", WhenCounted.With(faults))
            .On<CountedV1>("other", WhenCounted.With(faults)))), _ => { });

    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        clients.Add(client);
        return client;
    }

    /// <summary>Whether this instance leads, as its health says.</summary>
    public async Task<bool> LeadsAsync()
    {
        var health = JsonDocument.Parse(await Client().GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement;
        return health.GetProperty("checks").GetProperty("log").GetProperty("data").GetProperty("leader").GetBoolean();
    }

    /// <summary>The first column of a query on the service's database.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database) { ApplicationName = "test" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(await reader.GetFieldValueAsync<T>(0));
        }

        return rows;
    }

    /// <summary>Appends so many events, a stream each, without HTTP.</summary>
    public async Task<IReadOnlyList<Guid>> AppendAsync(int events, string? note = null)
    {
        var streams = new List<Guid>(events);
        foreach (var batch in Enumerable.Range(0, events).Chunk(1000))
        {
            await using var session = Store.LightweightSession();
            foreach (var _ in batch)
            {
                var stream = Guid.CreateVersion7();
                session.Events.StartStream<Counter>(stream, new Counted(1, note));
                streams.Add(stream);
            }

            await session.SaveChangesAsync();
        }

        return streams;
    }

    /// <summary>Appends an event and rolls it back: its number in the log stays unused. What is appended meanwhile stays.</summary>
    public async Task RollBackAsync(Func<Task>? meanwhile = null)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var session = Store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
        session.Events.StartStream<Counter>(Guid.CreateVersion7(), new Counted(1));
        await session.SaveChangesAsync();
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        await transaction.RollbackAsync();
    }

    /// <summary>Waits until so many events are published and the last of them was handed to the broker.</summary>
    public Task SentAsync(long published, TimeSpan? within = null) => Eventually.Is(
        async () =>
        {
            var sequences = await PublishedAsync();
            sequences.Count.ShouldBe((int)published);
            (await QueryAsync<long>("select coalesce(max(previous), 0) from broker_position"))[0].ShouldBe(sequences[^1]);
        }, within);

    /// <summary>Where in the log the events are that the service that counts publishes.</summary>
    public Task<IReadOnlyList<long>> PublishedAsync() =>
        QueryAsync<long>("select seq_id from mt_events where coalesce((data ->> 'by')::int, 0) <> 0 order by seq_id");

    /// <summary>What an operator does about its readers, and what it exits with.</summary>
    public Task<int> ReadersAsync(params string[] args) => ReadersCommand.RunOnAsync(Database, "this service", args);

    /// <summary>A reader's reading of a publisher.</summary>
    internal Reading ReadingOf(string publisher, string reader = "tallies") =>
        Services.GetRequiredService<Readers>().All.Single(reading => reading.Publisher == publisher && reading.Reader.Name == reader);

    /// <summary>All that the service publishes, as its feed tells it.</summary>
    public async Task<IReadOnlyList<IntegrationMessage>> FeedAsync(string token, int limit = 500)
    {
        var client = Client(token);
        var all = new List<IntegrationMessage>();
        IntegrationPage page;
        var after = 0L;
        do
        {
            page = await client.GetJsonAsync<IntegrationPage>($"/integration-events?after={after}&limit={limit}");
            all.AddRange(page.Messages);
            after = page.UpTo;
        }
        while (page.UpTo < page.End);

        return all;
    }

    public async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await StopAsync();
    }

    private static void Count(StoreOptions options)
    {
        options.Events.MapEventType<Counted>("counted");
        options.Projections.Snapshot<Counter>(SnapshotLifecycle.Inline);
    }

    private static async Task<RunningService> StartAsync(
        string name, ServiceSettings settings, Action<StoreOptions> configure, Action<InboxBuilder, Faults>? subscribe, Action<IEndpointRouteBuilder> map,
        Func<IEvent, object?>? toContract = null)
    {
        var service = Built(name, settings, configure, subscribe, map, toContract);
        try
        {
            await service.app.SeeToSchemaAsync();
            await service.app.StartAsync();
            return service;
        }
        catch
        {
            await service.app.DisposeAsync();
            throw;
        }
    }

    private static RunningService Built(
        string name, ServiceSettings settings, Action<StoreOptions> configure,
        Action<InboxBuilder, Faults>? subscribe, Action<IEndpointRouteBuilder> map, Func<IEvent, object?>? toContract)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = settings.Environment });
        builder.Configuration.AddInMemoryCollection(settings.Configuration.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.WebHost.UseUrls((settings.Address ?? ServiceSettings.FreeAddress()).ToString());
        var faults = new Faults();
        builder.Services.AddSingleton(faults);
        builder.AddServiceDefaults();
        builder.AddEventSourcing(
            new EventSource(name, toContract ?? (stored => stored.Data is Counted { By: not 0 } counted ? new CountedV1(stored.StreamId, counted.By) : null))
            {
                Earlier = toContract is null ? [] : ["counted"],
            },
            configure,
            inbox => subscribe?.Invoke(inbox, faults));
        builder.AddMail();
        settings.ConfigureServices?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseServiceDefaults();
        app.UseEventSourcing();
        map(app.MapGroup("/api/v1"));
        return new RunningService(app, settings.Configuration[$"ConnectionStrings:{name}"]);
    }
}

/// <summary>The endpoints of the service that counts.</summary>
internal static class Counters
{
    internal sealed record Count(int By, string? Note = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/counters", async (
            Count command, HttpContext http, IDocumentSession session, Faults faults, CancellationToken ct, int? again = null) =>
        {
            if (command.By < 0 || again > 1)
            {
                return (IResult)Refusal.Invalid("negative", "by", "Count by zero or more.").ToProblem();
            }

            var id = Guid.CreateVersion7();
            session.Events.StartStream<Counter>(id, new Counted(command.By, command.Note));
            await session.SaveChangesAsync(ct);
            faults.ThrowAfterSaving();
            ETag.Set(http, 1);
            return TypedResults.Created($"/api/v1/counters/{id}", new { id, sum = command.By });
        }).RequireAuthorization(Policies.Volunteer);

        routes.MapPost("/counters/{id:guid}/counts", async (
            Guid id, Count command, ExpectedVersion expected, HttpContext http, IDocumentSession session, Faults faults, CancellationToken ct) =>
        {
            var stream = await session.Events.FetchForWriting<Counter>(id, ct);
            if (stream.Aggregate is null)
            {
                return (IResult)TypedResults.NotFound();
            }

            expected.Check(stream.CurrentVersion);
            stream.AppendOne(new Counted(command.By, command.Note));
            await faults.WaitBeforeSavingAsync(ct);
            await session.SaveChangesAsync(ct);
            ETag.Set(http, expected.Value + 1);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Volunteer);

        // Begins a stream whose id anybody can come to.
        routes.MapPost("/counters/{id:guid}", async (Guid id, Count command, IDocumentSession session, Faults faults, CancellationToken ct) =>
        {
            var stream = await session.Events.FetchForWriting<Counter>(id, ct);
            stream.AppendOne(new Counted(command.By, command.Note));
            await faults.WaitBeforeSavingAsync(ct);
            await session.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Volunteer);

        // A stream of the request's own, and then one that others want.
        routes.MapPost("/counters/{id:guid}/pairs", async (Guid id, Count command, IDocumentSession session, Faults faults, CancellationToken ct) =>
        {
            session.Events.StartStream<Counter>(Guid.CreateVersion7(), new Counted(command.By, command.Note));
            (await session.Events.FetchForWriting<Counter>(id, ct)).AppendOne(new Counted(command.By, command.Note));
            await faults.WaitBeforeSavingAsync(ct);
            await session.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Volunteer);

        routes.MapPost("/counters/named/{name}", async (string name, Count command, IDocumentSession session, Faults faults, CancellationToken ct) =>
        {
            var id = Guid.CreateVersion7();
            session.Events.StartStream<Counter>(id, new Counted(command.By, command.Note));
            session.Insert(new Label(name, id));
            await faults.WaitBeforeSavingAsync(ct);
            await session.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Volunteer);

        // Alone with a stream: all of those that come at once count.
        routes.MapPost("/counters/{id:guid}/turns", async (Guid id, Count command, OneTransaction transaction, CancellationToken ct) =>
        {
            await using var session = await transaction.AloneWithAsync(id, ct);
            (await session.Events.FetchForWriting<Counter>(id, ct)).AppendOne(new Counted(command.By, command.Note));
            await session.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }).RequireAuthorization(Policies.Volunteer);

        // Without an account, by whoever knows the id.
        routes.MapPost("/counters/{id:guid}/gifts", async (Guid id, Count command, IDocumentSession session, CancellationToken ct) =>
        {
            (await session.Events.FetchForWriting<Counter>(id, ct)).AppendOne(new Counted(command.By, command.Note));
            await session.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }).AllowAnonymous();

        routes.MapPost("/sums", (Count command) => TypedResults.Ok(new { sum = command.By, command.Note })).AllowAnonymous().ChangesNothing();

        routes.MapGet("/counters/{id:guid}/history", (Guid id, IQuerySession session, CancellationToken ct) => session.HistoryAsync(id, ct))
            .RequireAuthorization(Policies.Volunteer);
    }
}

/// <summary>The consumer of the service that listens.</summary>
internal static class WhenCounted
{
    public static Handle<CountedV1> With(Faults faults) => async (message, received, session, ct) =>
    {
        var stream = await session.Events.FetchForWriting<Tally>(message.CounterId, ct);
        stream.AppendOne(new Tallied(received.Publisher, received.Sequence, message.By));
        faults.ThrowOnHandling(received.Publisher, message.CounterId);
    };
}
