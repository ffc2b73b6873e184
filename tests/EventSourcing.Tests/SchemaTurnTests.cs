using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Instances that start at the same time look at the schema one after the other.</summary>
public sealed class SchemaTurnTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task an_instance_waits_as_long_as_another_is_at_the_schema_and_three_at_once_all_start()
    {
        var database = await TestInfrastructure.CreateDatabaseAsync("turns");
        var bus = await TestInfrastructure.CreateVirtualHostAsync("turns");
        await using var another = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await another.OpenAsync(TestContext.Current.CancellationToken);
        await SqlAsync($"select pg_advisory_lock(hashtextextended('{StoreSchema.LockOf("counting")}', 0))");

        var starting = Enumerable.Range(0, 3)
            .Select(_ => RunningService.StartCountingAsync(ServiceSettings.For("counting", database, bus, system.Authority).At(ServiceSettings.FreeAddress())))
            .ToList();
        await Eventually.Is(async () =>
            (await SqlAsync("select count(*) from pg_stat_activity where application_name = 'counting schema' and datname = current_database()")).ShouldBe(3L));
        (await SqlAsync("select count(*) from pg_class where relname = 'mt_events'")).ShouldBe(0L);
        starting.ShouldAllBe(start => !start.IsCompleted);

        await another.CloseAsync();
        foreach (var service in await Task.WhenAll(starting))
        {
            await service.DisposeAsync();
        }

        async Task<object?> SqlAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, another);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }
}
