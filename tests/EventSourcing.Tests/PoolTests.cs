using Npgsql;
using Shouldly;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>The pools of all processes together have to fit into one PostgreSQL.</summary>
public sealed class PoolTests
{
    [Theory]
    [InlineData("Host=127.0.0.1;Username=ledger;Password=x;Database=ledger", 40)]
    [InlineData("Host=127.0.0.1;Database=ledger;Maximum Pool Size=5", 5)]
    [InlineData("Host=127.0.0.1;Database=ledger;MaxPoolSize=7", 7)]
    [InlineData("Host=127.0.0.1;Database=ledger;Maximum Pool Size=100", 100)]
    public void a_pool_has_forty_connections_or_as_many_as_was_said(string stated, int most) =>
        new NpgsqlConnectionStringBuilder(EventSourcingExtensions.Pooled(stated, "ledger")).MaxPoolSize.ShouldBe(most);
}
