using Npgsql;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>An empty database for a test class.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync() => ConnectionString = await TestInfrastructure.CreateDatabaseAsync("identity");

    /// <summary>Runs a statement beside the service, to bring about what time or a person would.</summary>
    public async Task<object?> SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The service with the demo switch on, shared by the tests of a class.</summary>
public sealed class DemoIdentity : IAsyncLifetime
{
    public TestDatabase Database { get; } = new();

    public IdentityService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        Service = await IdentityService.StartAsync(Database.ConnectionString, ("Demo:Accounts", "true"));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
    }
}
