using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using JasperFx.OpenTelemetry;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using VolunteerBook.EventSourcing.Broker;
using VolunteerBook.ServiceDefaults;
using Weasel.Core;

namespace VolunteerBook.EventSourcing;

/// <summary>A service as an event store: Marten on its own PostgreSQL database, the leader, the publisher, the readers, the feeds.</summary>
public static class EventSourcingExtensions
{
    // Of a process; ConnectionStrings may say another number (Maximum Pool Size).
    private const int MostConnections = 40;

    // A crowd at one service fills its pool and no more: all pools together fit into one server, and a connection waited for here is had sooner than one that
    // the server shares among hundreds.
    internal static string Pooled(string connectionString, string name)
    {
        // Sessions leave nothing behind on a connection, so resetting it buys nothing; both settings were measured (DESIGN: twice the throughput).
        var pooled = new NpgsqlConnectionStringBuilder(connectionString)
        {
            NoResetOnClose = true,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            ApplicationName = name,
            // An append that is never finished holds up what follows it in the log; it ends here.
            Options = "-c idle_in_transaction_session_timeout=60000",
        };
        // Npgsql's own builder says of every setting that it is there; this one only of those that were stated.
        if (!new DbConnectionStringBuilder { ConnectionString = pooled.ConnectionString }.ContainsKey("Maximum Pool Size"))
        {
            pooled.MaxPoolSize = MostConnections;
        }

        return pooled.ConnectionString;
    }

    public static WebApplicationBuilder AddEventSourcing(
        this WebApplicationBuilder builder, EventSource source, Action<StoreOptions> configure, Action<InboxBuilder>? subscribe = null)
    {
        var connectionString = builder.Configuration.GetConnectionString(source.Name)
            ?? throw new InvalidOperationException($"ConnectionStrings:{source.Name} is not configured.");
        var services = builder.Services;
        services.AddSingleton(source);
        var pooled = Pooled(connectionString, source.Name);
        services.AddSingleton(_ => new NpgsqlDataSourceBuilder(pooled).Build());
        services.AddHttpContextAccessor();
        services.AddSingleton<OneAtATime>();
        services.AddScoped<RequestTransaction>();
        services.AddScoped<CallerSessions>();
        services.AddScoped(provider => new OneTransaction(provider.GetRequiredService<CallerSessions>(), provider.GetRequiredService<RequestTransaction>()));
        services.AddSingleton<StoreSignals>();

        services.AddSingleton<IDatabaseSchema>(provider => new StoreSchema(
            provider.GetRequiredService<IDocumentStore>(), provider.GetRequiredService<ReadModels>(),
            provider.GetServices<MovedTable>(), connectionString, source.Name))
            .AddSingleton<IVerb, DatabaseVerb>().AddSingleton<IVerb, ProjectionsVerb>();
        var autoCreate = builder.Configuration.AppliesSchemaAtStart(builder.Environment) ? AutoCreate.CreateOrUpdate : AutoCreate.None;
        services.AddMarten(provider =>
        {
            var options = new StoreOptions();
            options.UseSystemTextJsonForSerialization(Serialization(), EnumStorage.AsString, Casing.CamelCase);
            options.AutoCreateSchemaObjects = autoCreate;
            options.DisableNpgsqlLogging = true;
            options.Logger(ActivatorUtilities.CreateInstance<FailedCommands>(provider));
            options.Events.StreamIdentity = StreamIdentity.AsGuid;
            options.Events.AppendMode = EventAppendMode.QuickWithServerTimestamps;
            options.Events.UseMandatoryStreamTypeDeclaration = true;
            options.Events.UseIdentityMapForAggregates = true;
            options.Events.EnableUniqueIndexOnEventId = true;
            options.Events.MetadataConfig.EnableAll();
            options.Events.MetadataConfig.UserNameEnabled = true;
            options.Events.TimeProvider = provider.GetRequiredService<TimeProvider>();
            // A projection that skips what it cannot read would be wrong for ever and silent about it.
            options.Projections.Errors.SkipApplyErrors = false;
            options.Projections.Errors.SkipSerializationErrors = false;
            options.Projections.Errors.SkipUnknownEvents = false;
            options.Projections.RebuildErrors.SkipApplyErrors = false;
            options.Projections.RebuildErrors.SkipSerializationErrors = false;
            options.Projections.RebuildErrors.SkipUnknownEvents = false;
            options.OpenTelemetry.TrackConnections = TrackLevel.Normal;
            foreach (var table in Tables.All)
            {
                options.Storage.ExtendedSchemaObjects.Add(table);
            }

            // Marten makes the tables of a log for who knows an event. A service that stores none has a log all the same, which is empty or of before.
            options.Events.AddEventType<NothingYet>();
            var signals = provider.GetRequiredService<StoreSignals>();
            options.Listeners.Add(new AppendLast(signals));
            configure(options);
            return options;
        })
            .UseNpgsqlDataSource()
            .BuildSessionsWith<CallerSessions>(ServiceLifetime.Scoped);

        services.AddSingleton(provider => new Leadership(connectionString, source.Name, provider.GetRequiredService<StoreSignals>()));
        services.AddHostedService<Leader>();
        services.AddSingleton<EventLog>();
        services.AddSingleton<EventsOfStreams>();
        services.AddSingleton<IntegrationEvents>();
        builder.AddRetention(Tables.OldAnswers);
        // It remembers what it saw the time before.
        services.AddSingleton<LogHealth>();
        services.AddHealthChecks()
            .AddCheck<DatabaseHealth>("database")
            .AddCheck<LogHealth>("log")
            .AddCheck<ReadersHealth>("readers");
        builder.AddBroker(source, builder.AddReaders(source, subscribe));
        return builder;
    }

    /// <summary>Maps the analysts' feed, the integration feed, and the idempotency of every POST. Called after <c>UseServiceDefaults</c>.</summary>
    public static WebApplication UseEventSourcing(this WebApplication app)
    {
        app.UseMiddleware<Idempotency>();
        EventFeed.Map(app.MapGroup("/api/v1"));
        GetLogStateEndpoint.Map(app.MapGroup("/api/v1"));
        IntegrationFeed.Map(app);
        return app;
    }

    /// <summary>As stored events are written.</summary>
    internal static JsonSerializerOptions StoredJson { get; } = Serialization();

    private static JsonSerializerOptions Serialization()
    {
        var options = new JsonSerializerOptions { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        Json.Configure(options);
        // Stored events outlive today's constructors: an old event that lacks a newer member must load.
        options.RespectRequiredConstructorParameters = false;
        options.RespectNullableAnnotations = false;
        return options;
    }
}
