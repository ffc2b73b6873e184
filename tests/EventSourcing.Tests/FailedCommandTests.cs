using System.Collections.Concurrent;
using JasperFx;
using Marten;
using Marten.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>What goes to the database with a command is not what goes to the log when the command fails.</summary>
public sealed class FailedCommandTests(CountingSystem system) : IClassFixture<CountingSystem>
{
    [Fact]
    public async Task a_command_that_fails_is_told_of_without_what_was_in_it()
    {
        var (counting, log) = await ListenAsync();
        await using var session = counting.Store.LightweightSession();
        session.Events.StartStream<Counter>(Guid.CreateVersion7(), new Counted(1, "мария@example.org"));
        session.QueueSqlCommand("insert into no_such_table (recipient) values (?)", "Мария Петрова <мария@example.org>");
        await Should.ThrowAsync<Exception>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken));
        await Should.ThrowAsync<Exception>(() => counting.Store.QuerySession().AdvancedSql
            .QueryAsync<string>("select no_such_column from mt_streams where id::text = ?", TestContext.Current.CancellationToken, "Мария"));

        log.Lines.ShouldContain(line => line.Contains("no_such_table", StringComparison.Ordinal));
        log.Lines.ShouldNotContain(line => line.Contains("мария", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task who_loses_a_race_is_no_failure_of_the_service()
    {
        var (counting, log) = await ListenAsync();
        var id = Guid.NewGuid();
        await SaveAsync(counting, session => session.Events.StartStream<Counter>(id, new Counted(1)));
        await Should.ThrowAsync<Exception>(() => SaveAsync(counting, session => session.Events.StartStream<Counter>(id, new Counted(1))));
        await Should.ThrowAsync<ConcurrencyException>(() => SaveAsync(counting, session => session.Events.Append(id, 5, new Counted(1))));
        // As a reader does it: in a transaction that is not the session's.
        await using (var connection = new NpgsqlConnection(counting.Database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var session = counting.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
            session.Events.Append(id, 5, new Counted(1));
            await Should.ThrowAsync<ConcurrencyException>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken));
        }

        // What the broker makes of messages meanwhile is not the command's.
        log.Lines.Where(line => !line.StartsWith("MassTransit", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task<(RunningService, Logged)> ListenAsync()
    {
        var counting = await system.CountingAsync();
        var log = new Logged();
        counting.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        return (counting, log);
    }

    private static async Task SaveAsync(RunningService counting, Action<IDocumentSession> what)
    {
        await using var session = counting.Store.LightweightSession();
        what(session);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>All that is logged as an error, whole, each line with who says it.</summary>
    private sealed class Logged : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Category(categoryName, Lines);

        public void Dispose()
        {
        }
    }

    private sealed class Category(string name, ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Enqueue($"{name}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
