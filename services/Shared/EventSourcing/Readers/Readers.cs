using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The service's readers at work. Each reads each of its publishers' feeds from where it stands: at the start, when something is missing, and when for a
/// while nothing came, so that the last message before a silence cannot be lost either. The broker is the fast way; the feed is the truth. The service's own
/// log is read where it lies.
/// </summary>
internal sealed partial class Readers : BackgroundService
{
    // What has come together is handled in one transaction; more at once would hold up what others append meanwhile (the log is published in order).
    internal const int Together = 20;
    private const int PageSize = 500;
    // Of a silence that lasts, and a broker that is there, more is not expected.
    private const int LongestSilence = 10;

    // An instance of before may be the one that the broker tells, and know nothing of a new version.
    private const int LongestSilenceOfModels = 3;
    // An instance of the time of numbers that still runs finds it, and takes everything for handled. It can still add one to it.
    private const long NumberOfTheOld = long.MaxValue - 1;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    // How soon it is noticed what somebody decided about a message that cannot be handled.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    // How soon it is noticed that a read model is to be filled anew.
    private static readonly TimeSpan LookForModels = TimeSpan.FromSeconds(3);
    // A database that is away for longer, a feed that refuses or cannot be understood, or a handler that does not come to an end, is told.
    internal static readonly TimeSpan Worrying = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource database;
    private readonly ReadModels models;
    private readonly OwnLog own;
    private readonly EventSource source;
    private readonly StoreSignals signals;
    private readonly IHttpClientFactory clients;
    private readonly IsBrokerThere isBrokerThere;
    private readonly ILogger<Readers> logger;
    private readonly Func<Reader, string, Reading> readingOf;
    private readonly TimeSpan look;
    private ImmutableList<Reading> all;

    public Readers(
        IReadOnlyList<Reader> readers, NpgsqlDataSource database, IDocumentStore store, ReadModels models, OwnLog own, EventSource source, StoreSignals signals,
        IHttpClientFactory clients, IsBrokerThere isBrokerThere, IConfiguration configuration, TimeProvider clock, ILogger<Readers> logger)
    {
        this.database = database;
        this.models = models;
        this.own = own;
        this.source = source;
        this.signals = signals;
        this.clients = clients;
        this.isBrokerThere = isBrokerThere;
        this.logger = logger;
        readingOf = (reader, publisher) => new(reader, publisher, store, database, signals, clock);
        all = [.. readers.Where(reader => reader.Model is null).SelectMany(reader => reader.Publishers.Select(publisher => readingOf(reader, publisher)))];
        look = configuration.GetValue("CatchUp:Interval", TimeSpan.FromSeconds(3));
        Telemetry.Meter.CreateObservableGauge(
            "volunteerbook.readers.failed", () => Measure(reading => reading.Failed), "{message}",
            "Messages that a reader could not handle, with what waits behind them");
        Telemetry.Meter.CreateObservableGauge(
            "volunteerbook.readers.failed_time", () => Measure(reading => Math.Max(reading.FailedFor.TotalSeconds, reading.Hangs?.TotalSeconds ?? 0)), "s",
            "Time since the oldest of these could not be handled, or since a handler was called that does not come to an end");
    }

    /// <summary>What is read now: read models come and go while the service runs.</summary>
    public IReadOnlyList<Reading> All => Volatile.Read(ref all);

    public override void Dispose()
    {
        base.Dispose();
        foreach (var reading in All)
        {
            reading.Dispose();
        }
    }

    public static string ClientOf(string publisher) => $"integration-events of {publisher}";

    /// <summary>
    /// Gives each of the publisher's readers what the broker delivered. What one cannot handle now it will read from the feed: nothing stays in a queue.
    /// </summary>
    public Task TakeAsync(string publisher, IReadOnlyList<IntegrationMessage> messages, CancellationToken ct) =>
        Task.WhenAll(All.Where(reading => reading.Publisher == publisher).Select(reading => TakeAsync(reading, messages, ct)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = FirstPause;
        while (!await MovedInAsync(stoppingToken))
        {
            await Task.Delay(pause, stoppingToken);
            pause = Longer(pause);
        }

        var reading = All.Select(each => ReadAsync(each, stoppingToken)).ToList();
        while (models.Any && !stoppingToken.IsCancellationRequested)
        {
            reading.AddRange((await BegunAsync(stoppingToken)).Select(each => ReadAsync(each, stoppingToken)));
            await Task.Delay(Min(look, LookForModels), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(reading);
    }

    /// <summary>The readings of read models that are to be filled and are not yet: at the start, and when somebody has one filled anew.</summary>
    private async Task<IReadOnlyList<Reading>> BegunAsync(CancellationToken ct)
    {
        try
        {
            List<Reading> begun =
            [
                .. (await models.EditionsAsync(ct))
                    .Where(reader => !All.Any(reading => reading.Reader.Model is not null && reading.Reader.Schema == reader.Schema))
                    .SelectMany(reader => reader.Publishers.Select(publisher => readingOf(reader, publisher))),
            ];
            if (begun.Count > 0)
            {
                ImmutableInterlocked.Update(ref all, list => list.AddRange(begun));
            }

            return begun;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            FeedNotRead("all read models", "all", exception.Message);
            return [];
        }
    }

    private async Task TakeAsync(Reading reading, IReadOnlyList<IntegrationMessage> messages, CancellationToken ct)
    {
        try
        {
            if (await reading.TakeAsync(messages, ct) == Handled.TooEarly)
            {
                reading.Wake();
            }
        }
        catch (Exception exception) when (exception is ReaderBlockedException or PublisherChangedException or ReaderDroppedException || LostRace.Is(exception))
        {
            // It is said where the feed is read, and what lost a race is tried again there.
            reading.Wake();
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            NotHandled(reading.Reader.Name, reading.Publisher, exception.Message);
            reading.Wake();
        }
    }

    private async Task ReadAsync(Reading reading, CancellationToken ct)
    {
        var (pause, silence, before) = (FirstPause, look, -1L);
        long? failing = null;
        while (!ct.IsCancellationRequested)
        {
            var woken = reading.Publisher == source.Name ? Task.WhenAny(reading.Woken, signals.NextAppend) : reading.Woken;
            try
            {
                var position = await reading.PositionAsync(ct);
                if (position.Stopped is { } why)
                {
                    throw new PublisherChangedException(why);
                }

                // A reader that moves on, here or at another instance, is being told: to read along would only be in the way.
                if (before < 0 || position.Sequence == before || woken.IsCompleted)
                {
                    position = await ReadFeedAsync(reading, position, ct);
                }

                var more = await reading.RetryAsync(ct);
                (reading.Worry, failing) = (null, null);
                silence = more ? TimeSpan.Zero
                    : position.Failed > 0 ? Poll
                    : position.Sequence == before && isBrokerThere()
                        ? Min(silence * 2, look * (reading.Reader.Model is null ? LongestSilence : LongestSilenceOfModels))
                    : look;
                (pause, before) = (FirstPause, position.Sequence);
            }
            catch (ReaderDroppedException) when (reading.Reader.Model is not null)
            {
                ImmutableInterlocked.Update(ref all, list => list.Remove(reading));
                return;
            }
            catch (ReaderBlockedException exception)
            {
                Blocked(reading.Reader.Name, reading.Publisher, exception.Message);
                before = -1;
                do
                {
                    await Task.Delay(Poll, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                while (!ct.IsCancellationRequested && await IsStillHeldAsync(reading, ct));
                continue;
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                failing ??= Stopwatch.GetTimestamp();
                // That another service is away is said by its own health.
                var isAway = exception is HttpRequestException { StatusCode: null } or ExecutionRejectedException or OperationCanceledException;
                // But a reader that has not begun takes nothing from the broker either, and its publisher may be well: then the way to it is wrong.
                isAway &= reading.Here is not { Log: null };
                if (exception is PublisherChangedException || (!isAway && Stopwatch.GetElapsedTime(failing.Value) > Worrying))
                {
                    reading.Worry = exception.Message;
                }

                FeedNotRead(reading.Reader.Name, reading.Publisher, exception.Message);
                await Task.Delay(pause, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                // A publisher that starts at the same time is there soon, and somebody may wait for this reader's first answer.
                (pause, before) = (reading.Here?.Log is null ? Min(Longer(pause), Poll) : Longer(pause), -1);
                continue;
            }

            await woken.WaitAsync(silence, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (woken.IsCompleted)
            {
                before = -1;
            }
        }
    }

    /// <summary>Whether the reader still has to wait before it goes on. What is about something of its own is tried meanwhile.</summary>
    private async Task<bool> IsStillHeldAsync(Reading reading, CancellationToken ct)
    {
        try
        {
            if ((await reading.PositionAsync(ct)).Held.Count == 0)
            {
                return false;
            }

            await reading.RetryAsync(ct);
            return true;
        }
        catch (ReaderDroppedException)
        {
            return false;
        }
        catch (Exception exception)
        {
            // Whatever it was: a loop that ends here would end without a word.
            if (!ct.IsCancellationRequested)
            {
                FeedNotRead(reading.Reader.Name, reading.Publisher, exception.Message);
            }

            return true;
        }
    }

    private async Task<ReaderPosition> ReadFeedAsync(Reading reading, ReaderPosition position, CancellationToken ct)
    {
        if (position.Log is null)
        {
            position = await BeginAsync(reading, position, ct);
        }

        IntegrationPage page;
        Task<IntegrationPage>? next = null;
        long asked;
        do
        {
            asked = position.Sequence;
            page = await (next ?? PageAsync(reading, asked, ct));
            await CheckAsync(reading, position, page, ct);
            // While tables are filled from this page, the next one is on its way.
            next = reading.Reader.Model is not null && page.UpTo < page.End ? PageAsync(reading, page.UpTo, ct) : null;
            // What fills tables appends nothing: it holds up no publisher, and a page at once is the quickest.
            foreach (var together in page.Messages.Chunk(reading.Reader.Model is null ? Together : PageSize))
            {
                await reading.HandleAsync(together, ct);
            }

            await reading.PassAsync(page.Messages.Count > 0 ? page.Messages[^1].Sequence : position.Sequence, page.UpTo, ct);
            position = reading.Here ?? await reading.PositionAsync(ct);
            next = position.Sequence == page.UpTo ? next : null;
        }
        while (page.UpTo < page.End && position.Sequence > asked);

        if (reading.Reader.Model is not null && page.UpTo >= page.End && position.Sequence >= page.UpTo)
        {
            await reading.IsLevelAsync(ct);
            await models.AnswerFirstAsync(reading.Reader, ct);
        }

        return position;
    }

    private Task<IntegrationPage> PageAsync(Reading reading, long after, CancellationToken ct) => reading.Publisher == source.Name
        ? own.AfterAsync(after, reading.Reader.Handlings, ct)
        : AskAsync(reading.Publisher, $"after={after}&limit={PageSize}", ct);

    private async Task<ReaderPosition> BeginAsync(Reading reading, ReaderPosition position, CancellationToken ct)
    {
        var isFromNow = (position.From ?? reading.Reader.From) == Start.Now;
        var page = reading.Publisher == source.Name
            ? await own.AfterAsync(isFromNow ? await own.EndAsync(ct) : 0, reading.Reader.Handlings, ct)
            : await AskAsync(reading.Publisher, position.Number is { } number ? $"number={number}" : "limit=1", ct);
        await reading.BeginAsync(page.Log, position.Number is not null ? page.UpTo : isFromNow ? page.End : 0, ct);
        return await reading.PositionAsync(ct);
    }

    // A publisher whose log is another one, or shorter than it was, was put back to what it had been: what it publishes now is not what this position is
    // about. It will grow beyond that position again, so once it was noticed it must not be forgotten.
    private static async Task CheckAsync(Reading reading, ReaderPosition position, IntegrationPage page, CancellationToken ct)
    {
        var change = page.Log != position.Log ? $"The publisher's log is {page.Log}, not {position.Log}, which the reader was reading."
            : page.End < position.Sequence ? $"The publisher's log ends at {page.End}, before {position.Sequence}, up to which the reader has read."
            : null;
        if (change is not null)
        {
            await reading.StopAsync(position, change, ct);
            throw new PublisherChangedException(change);
        }
    }

    private async Task<IntegrationPage> AskAsync(string publisher, string query, CancellationToken ct)
    {
        var client = clients.CreateClient(ClientOf(publisher));
        using var response = await client.GetAsync(new Uri($"/integration-events?{query}", UriKind.Relative), ct);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new PublisherChangedException("The publisher does not know the message that the reader had read last.");
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<IntegrationPage>(Json.Options, ct)
            ?? throw new InvalidOperationException("The publisher's feed was empty.");
    }

    /// <summary>
    /// Gives each reader where the service stood when integration events were numbered and one number a publisher said it all. Only once: a reader that is
    /// added later begins as it says itself. Read models take nothing over: their tables are newer than that.
    /// </summary>
    private async Task<bool> MovedInAsync(CancellationToken ct)
    {
        try
        {
            if (All.Count == 0 || !await database.IsThereAsync("inbox", ct))
            {
                return true;
            }

            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using (var moved = new NpgsqlCommand(
                """
                with stood as (select publisher, number from inbox where publisher = any($3) and number < $4 for update),
                    left_behind as (update inbox set number = $4 from stood where inbox.publisher = stood.publisher)
                insert into reader_positions (reader, version, publisher, sequence, number)
                select reader.name, reader.version, stood.publisher, 0, stood.number
                from stood join unnest($1, $2, $3) reader (name, version, publisher) on reader.publisher = stood.publisher
                on conflict (reader, version, edition, publisher) do update set number = excluded.number where reader_positions.log is null
                """, connection, transaction))
            {
                moved.Parameters.Add(new() { Value = All.Select(reading => reading.Reader.Name).ToArray() });
                moved.Parameters.Add(new() { Value = All.Select(reading => reading.Reader.Version).ToArray() });
                moved.Parameters.Add(new() { Value = All.Select(reading => reading.Publisher).ToArray() });
                moved.Parameters.Add(new() { Value = NumberOfTheOld });
                await moved.ExecuteNonQueryAsync(ct);
            }

            await transaction.CommitAsync(ct);
            return true;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            FeedNotRead("all", "all", exception.Message);
            return false;
        }
    }

    private IEnumerable<Measurement<T>> Measure<T>(Func<Reading, T> value) where T : struct => All.Select(
        reading => new Measurement<T>(
            value(reading),
            new("reader", reading.Reader.Name), new("version", reading.Reader.Version), new("edition", reading.Reader.Edition),
            new KeyValuePair<string, object?>("publisher", reading.Publisher)));

    private static TimeSpan Longer(TimeSpan pause) => Min(pause * 2, LongestPause);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(LogLevel.Error, "Reader {Reader} is held up in what {Publisher} publishes: {Error}")]
    private partial void Blocked(string reader, string publisher, string error);

    [LoggerMessage(LogLevel.Warning, "Reader {Reader} could not handle what came from {Publisher}: {Error}")]
    private partial void NotHandled(string reader, string publisher, string error);

    [LoggerMessage(LogLevel.Warning, "Reader {Reader} could not read or handle what {Publisher} publishes: {Error}")]
    private partial void FeedNotRead(string reader, string publisher, string error);
}
