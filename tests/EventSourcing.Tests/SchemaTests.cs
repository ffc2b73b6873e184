using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>A service's tables: made by command, looked at by command, and at a start only where that is wanted.</summary>
public sealed class SchemaTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();
    private string database = "";
    private string bus = "";

    public async ValueTask InitializeAsync()
    {
        await system.InitializeAsync();
        database = await TestInfrastructure.CreateDatabaseAsync("schema");
        bus = await TestInfrastructure.CreateVirtualHostAsync("schema");
    }

    public ValueTask DisposeAsync() => system.DisposeAsync();

    private ServiceSettings Development => Production with { Environment = "Development" };

    private ServiceSettings Production =>
        ServiceSettings.For("counting", database, bus, system.Authority).At(ServiceSettings.FreeAddress()) with { Environment = "Production" };

    [Fact]
    public async Task in_production_an_empty_database_is_refused_until_it_is_made_by_command_and_then_nothing_is_made_at_a_start()
    {
        var refused = await Should.ThrowAsync<SchemaDiffersException>(() => RunningService.StartCountingAsync(Production));
        refused.Message.ShouldNotContain("\n");
        refused.Message.ShouldContain("public.event_log is missing");
        refused.Message.ShouldContain("db apply");
        (await ObjectsAsync()).ShouldBeEmpty();

        // As somebody would who runs the program with `db apply`.
        await using (var first = await RunningService.StartCountingAsync(Production.With(DatabaseSchemaExtensions.Setting, "true")))
        {
            (await first.Services.GetRequiredService<IDatabaseSchema>().DifferencesAsync(default)).ShouldBeEmpty();
        }

        var made = await ObjectsAsync();
        made.ShouldContain("mt_events");
        await using var second = await RunningService.StartCountingAsync(Production);
        await second.AppendAsync(3);
        (await ObjectsAsync()).ShouldBe(made);
    }

    [Fact]
    public async Task what_differs_is_named_and_the_verbs_say_so_by_their_exit_codes()
    {
        await using var service = await RunningService.StartCountingAsync(Production.With(DatabaseSchemaExtensions.Setting, "true"));
        var verb = service.Services.GetServices<IVerb>().Single(verb => verb.Name == "db");
        (await verb.RunAsync(["assert"], default)).ShouldBe(0);

        await SqlAsync("drop table reader_failures; alter table reader_positions drop column stopped; drop function inserted_once cascade");
        (await service.Services.GetRequiredService<IDatabaseSchema>().DifferencesAsync(default)).ShouldBe(
            ["public.inserted_once is missing", "public.reader_failures is missing", "public.reader_positions differs"]);
        (await verb.RunAsync(["assert"], default)).ShouldBe(1);
        (await Should.ThrowAsync<SchemaDiffersException>(() => RunningService.StartCountingAsync(Production))).Message
            .ShouldContain("public.reader_positions differs");

        (await verb.RunAsync(["apply"], default)).ShouldBe(0);
        (await verb.RunAsync(["assert"], default)).ShouldBe(0);
        (await verb.RunAsync(["nonsense"], default)).ShouldBeNull();
    }

    [Fact]
    public async Task a_projection_is_made_anew_from_the_events_while_no_instance_runs()
    {
        IReadOnlyList<string> kept;
        Guid longest;
        await using (var service = await RunningService.StartCountingAsync(Development))
        {
            var streams = await service.AppendAsync(20);
            longest = streams[0];
            await using (var session = service.Store.LightweightSession())
            {
                (await session.Events.FetchForWriting<Counter>(streams[0])).AppendOne(new Counted(4));
                await session.SaveChangesAsync();
            }

            kept = await DocumentsAsync(service);
            var running = service.Services.GetServices<IVerb>().Single(verb => verb.Name == "projections");
            await Eventually.Is(service.LeadsAsync);
            (await Should.ThrowAsync<InvalidOperationException>(() => running.RunAsync(["rebuild", "Counter"], default))).Message
                .ShouldContain("stop all of its instances");
            await SqlAsync("delete from mt_doc_counter where data ->> 'sum' = '1' and id <> (select id from mt_doc_counter limit 1); update mt_doc_counter "
                + "set data = jsonb_set(data, '{sum}', '99')");
            await service.StopAsync();
            (await DocumentsAsync(service)).ShouldNotBe(kept);
        }

        await using var stopped = RunningService.Built(Development);
        var verb = stopped.Services.GetServices<IVerb>().Single(verb => verb.Name == "projections");
        (await verb.RunAsync(["list"], default)).ShouldBe(0);
        (await verb.RunAsync(["rebuild", "Nonsense"], default)).ShouldBe(1);
        (await verb.RunAsync(["rebuild", "Counter"], default)).ShouldBe(0);
        (await DocumentsAsync(stopped)).ShouldBe(kept);

        // And what was made anew is gone on with.
        await using var again = stopped.Store.LightweightSession();
        var stream = await again.Events.FetchForWriting<Counter>(longest, 2, default);
        stream.AppendOne(new Counted(2));
        await again.SaveChangesAsync();
        (await again.LoadAsync<Counter>(longest)).ShouldNotBeNull().Sum.ShouldBe(7);
    }

    private static Task<IReadOnlyList<string>> DocumentsAsync(RunningService service) =>
        service.QueryAsync<string>("select concat_ws('|', id, data) from mt_doc_counter order by id");

    private async Task<IReadOnlyList<string>> ObjectsAsync()
    {
        var names = new List<string>();
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select relname from pg_class where relnamespace = 'public'::regnamespace
            union all select proname from pg_proc where pronamespace = 'public'::regnamespace order by 1
            """, connection);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    private async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
