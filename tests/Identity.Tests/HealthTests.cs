using System.Net;
using Npgsql;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

public sealed class HealthTests
{
    [Fact]
    public async Task without_its_database_it_is_alive_and_not_healthy()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        await using var service = await IdentityService.StartAsync(database.ConnectionString);
        (await service.Http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await using (var server = new NpgsqlConnection(await TestInfrastructure.PostgresAsync()))
        {
            await server.OpenAsync();
            await using var drop = new NpgsqlCommand(
                $"DROP DATABASE {new NpgsqlConnectionStringBuilder(database.ConnectionString).Database} WITH (FORCE)", server);
            await drop.ExecuteNonQueryAsync();
        }

        (await service.Http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await service.Http.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
