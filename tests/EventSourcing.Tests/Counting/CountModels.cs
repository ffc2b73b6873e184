using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;

namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>
/// A read model in two versions of different shape. The n-th message says n, so that an answer is right if it is of the first messages, whichever number of
/// them: none is missing, and none was handled twice.
/// </summary>
internal static class CountModels
{
    private const string Name = "counts";

    /// <summary>Each number, and one sum.</summary>
    public static InboxBuilder First(this InboxBuilder inbox) => inbox.ReadModel(
        Name, version: 1,
        schema =>
            $"""
            create table {schema}.numbers (sequence bigint primary key, number integer not null);
            create table {schema}.sum (one boolean primary key, sum bigint not null);
            """,
        model => model.On<CountedV1>("other", (message, received, into) =>
        {
            into.Run($"insert into {into.Schema}.numbers (sequence, number) values ($1, $2)", received.Sequence, message.By);
            into.Run(
                $"""
                insert into {into.Schema}.sum as known (one, sum) values (true, $1) on conflict (one) do update set sum = known.sum + excluded.sum
                """, message.By);
        }));

    /// <summary>Each number with its counter, and how many there are and what they come to by their last digit.</summary>
    public static InboxBuilder Second(this InboxBuilder inbox, Faults faults, Func<CountedV1, Guid>? key = null) => inbox.ReadModel(
        Name, version: 2,
        schema =>
            $"""
            create table {schema}.counted (sequence bigint primary key, counter uuid not null, number integer not null);
            create table {schema}.by_digit (digit integer primary key, counts bigint not null, sum bigint not null);
            """,
        model => model.On("other", (message, received, into) =>
        {
            into.Run($"insert into {into.Schema}.counted (sequence, counter, number) values ($1, $2, $3)", received.Sequence, message.CounterId, message.By);
            into.Run(
                $"""
                insert into {into.Schema}.by_digit as known (digit, counts, sum) values ($1, 1, $2)
                on conflict (digit) do update set counts = known.counts + 1, sum = known.sum + excluded.sum
                """, message.By % 10, message.By);
            faults.ThrowOnHandling(received.Publisher, message.CounterId);
        }, key));

    /// <summary>What this instance answers now.</summary>
    public static Task<CountAnswer> CountsAsync(this RunningService service) =>
        service.Services.GetRequiredService<ReadModels>().AskAsync(at => AnswerAsync(service, at), CancellationToken.None);

    public static async Task<CountAnswer> AnswerAsync(RunningService service, Answering at)
    {
        var schema = at[Name];
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(at.VersionOf(Name) == 1
            ? $"select count(*), coalesce(sum(number), 0), count(*), coalesce((select sum from {schema}.sum), 0) from {schema}.numbers"
            : $"""
                select count(*), coalesce(sum(number), 0), coalesce((select sum(counts) from {schema}.by_digit), 0)::bigint,
                    coalesce((select sum(sum) from {schema}.by_digit), 0)::bigint
                from {schema}.counted
                """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(at.VersionOf(Name), row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
    }
}

/// <summary>What a version of the model says: what its rows come to, and what it has added up of them.</summary>
internal sealed record CountAnswer(int Version, long Counts, long Sum, long CountsAdded, long SumAdded)
{
    /// <summary>It is of the first messages, at least of so many.</summary>
    public void ShouldBeRight(long atLeast)
    {
        (CountsAdded, SumAdded).ShouldBe((Counts, Sum));
        Sum.ShouldBe(Counts * (Counts + 1) / 2);
        Counts.ShouldBeGreaterThanOrEqualTo(atLeast);
    }
}
