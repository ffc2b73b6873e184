using System.Globalization;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// What an operator does about readers, in the service's database (<c>ConnectionStrings:NAME</c>). About messages that one cannot handle: <c>list</c>,
/// <c>retry</c> and
/// <c>skip</c>; about a publisher that is not what it was: <c>accept</c>; about read models: <c>rebuild</c>, <c>switch</c> and <c>drop</c>
/// (<see cref="ReadModelsCommand"/>). To pass a message over, or to accept, needs a reason; who did so, when and why stays on record. The exit code is 0, 1
/// where there is no such thing or it is not the time for it, and 2 with a line on the error stream where it could not be done.
/// </summary>
public static class ReadersCommand
{
    private const string Usage =
        """
        readers list
        readers retry --reader READER --publisher PUBLISHER --sequence N
        readers skip --reader READER --publisher PUBLISHER --sequence N --reason "WHY" --by WHO
        readers accept --reader READER --publisher PUBLISHER --from beginning|end --reason "WHY" --by WHO
        readers rebuild --reader READER [--version N]
        readers switch --reader READER --to N [--edition N] [--wait SECONDS]
        readers drop --reader READER --version N [--edition N]
        """;

    /// <summary>Carries it out; the answer is the exit code.</summary>
    /// <param name="service">The service's name.</param>
    /// <param name="args">What follows <c>readers</c>.</param>
    public static Task<int> RunAsync(string service, string[] args) =>
        RunOnAsync(new ConfigurationBuilder().AddEnvironmentVariables().Build().GetConnectionString(service), service, args);

    /// <summary>The same on a database.</summary>
    /// <param name="said">Where it says what it found or did; the console, if it is left out.</param>
    /// <param name="wrong">Where it says why it could not be carried out; the console's error stream, if it is left out.</param>
    internal static async Task<int> RunOnAsync(
        string? connectionString, string service, string[] args, TextWriter? said = null, TextWriter? wrong = null)
    {
        ArgumentNullException.ThrowIfNull(args);
        said ??= Console.Out;
        if (args is ["help" or "--help" or "-h"])
        {
            await said.WriteLineAsync(Usage);
            return 0;
        }

        try
        {
            if (connectionString is null)
            {
                throw new ArgumentException($"ConnectionStrings__{service} is not set.");
            }

            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            return args switch
            {
                ["list"] => await ListAsync(connection, said),
                ["retry", .. var asked] => await RetryAsync(connection, said, Options(asked, "--reader", "--publisher", "--sequence")),
                ["skip", .. var asked] => await SkipAsync(connection, said, Options(asked, "--reader", "--publisher", "--sequence", "--reason", "--by")),
                ["accept", .. var asked] => await AcceptAsync(connection, said, Options(asked, "--reader", "--publisher", "--from", "--reason", "--by")),
                ["rebuild", .. var asked] => await ReadModelsCommand.RebuildAsync(connection, said, Options(asked, "--reader", "--version")),
                ["switch", .. var asked] => await ReadModelsCommand.SwitchAsync(connection, said, Options(asked, "--reader", "--to", "--edition", "--wait")),
                ["drop", .. var asked] => await ReadModelsCommand.DropAsync(connection, said, Options(asked, "--reader", "--version", "--edition")),
                ["list", var more, ..] => throw new ArgumentException($"`readers list` takes no options, so not {more}.\n{Usage}"),
                [var unknown, ..] => throw new ArgumentException($"There is no command `readers {unknown}`.\n{Usage}"),
                [] => throw new ArgumentException(Usage),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NpgsqlException)
        {
            await (wrong ?? Console.Error).WriteLineAsync(exception.Message);
            return 2;
        }
    }

    private static async Task<int> ListAsync(NpgsqlConnection connection, TextWriter said)
    {
        await TellAsync(connection, said,
            """
            select concat(reader, ' version ', version, case when edition > 1 then ', edition ' || edition end, ': ',
                case when dropped_at is not null then 'dropped'
                    when answers_since = max(answers_since) filter (where dropped_at is null) over (partition by reader) then 'answers'
                    when answers_since is not null then 'answered before' else 'is being filled' end)
            from read_models order by reader, version, edition
            """);
        await TellAsync(connection, said,
            """
            select concat(reader, ' version ', version, case when edition > 1 then ', edition ' || edition end, ' from ', publisher, ': at ', sequence,
                ', stopped: ' || stopped, ', accepted by ' || decided_by || ' from the ' || accepted_from || ': ' || reason)
            from reader_positions order by reader, version, edition, publisher
            """);
        await TellAsync(connection, said,
            """
            select concat(reader, ' version ', version, case when edition > 1 then ', edition ' || edition end, ' from ', publisher, ' sequence ', sequence,
                ': ', state, ', by ' || decided_by || ': ' || reason, ', ', type, ' ', key, ', tried ', attempts, ' times since ',
                to_char(first_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ': ', error)
            from reader_failures order by first_at, sequence
            """);
        return 0;
    }

    private static async Task TellAsync(NpgsqlConnection connection, TextWriter said, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            await said.WriteLineAsync(row.GetString(0));
        }
    }

    private static Task<int> RetryAsync(NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options) =>
        DecideAsync(connection, said, options,
            """
            update reader_failures set next_at = now()
            where reader = $1 and publisher = $2 and sequence = $3 and state in ('blocked', 'waiting')
            """, "will be tried again");

    private static Task<int> SkipAsync(NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options) =>
        DecideAsync(connection, said, options,
            """
            update reader_failures set state = 'skipped', decided_by = $4, reason = $5, decided_at = now()
            where reader = $1 and publisher = $2 and sequence = $3 and state in ('blocked', 'waiting')
            """, "will be passed over", Required(options, "--by"), Required(options, "--reason"));

    /// <summary>
    /// Lets a reader that stopped take up what the publisher's log is now: the service asks for it, from its beginning, or from its end as it finds it then.
    /// </summary>
    private static async Task<int> AcceptAsync(NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options)
    {
        var (reader, publisher, from) = (Required(options, "--reader"), Required(options, "--publisher"), Required(options, "--from"));
        if (from is not ("beginning" or "end"))
        {
            throw new ArgumentException($"--from must be beginning or end, not {from}.");
        }

        await using var command = new NpgsqlCommand(
            """
            with stood as (
                    select reader, version, edition, publisher, log from reader_positions
                    where reader = $1 and publisher = $2 and stopped is not null for update),
                accepted as (
                    update reader_positions moved set stopped = null, log = null, sequence = 0, number = null, level_at = null, accepted_from = $3,
                        decided_by = $4, reason = $5 || ' (' || stopped || ')', decided_at = now()
                    from stood where (moved.reader, moved.version, moved.edition, moved.publisher)
                        = (stood.reader, stood.version, stood.edition, stood.publisher) returning 1),
                left_behind as (
                    update reader_failures failed set log = $6, state = case when state = 'skipped' then state else 'accepted' end,
                        decided_by = coalesce(decided_by, $4), reason = coalesce(reason, $5), decided_at = coalesce(decided_at, now())
                    from stood where (failed.reader, failed.version, failed.edition, failed.publisher, failed.log)
                        = (stood.reader, stood.version, stood.edition, stood.publisher, stood.log) returning 1)
            select count(*) from accepted
            """, connection);
        foreach (var value in new[] { reader, publisher, from, Required(options, "--by"), Required(options, "--reason") })
        {
            command.Parameters.Add(new() { Value = value });
        }

        // What could not be handled, or was passed over, was of positions that may be others' now: it stays on record under a log that nobody has.
        command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
        if ((long)(await command.ExecuteScalarAsync())! > 0)
        {
            await said.WriteLineAsync($"{reader} will read the log of {publisher} from its {from}.");
            return 0;
        }

        await said.WriteLineAsync(await WhoIsThereAsync(connection, reader, publisher) ?? $"{reader} was not stopped by {publisher}.");
        return 1;
    }

    private static async Task<int> DecideAsync(
        NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options, string sql, string done, params string[] more)
    {
        var (reader, publisher) = (Required(options, "--reader"), Required(options, "--publisher"));
        var sequence = Number(options, "--sequence");
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in new object[] { reader, publisher, sequence }.Concat(more))
        {
            command.Parameters.Add(new() { Value = value });
        }

        if (await command.ExecuteNonQueryAsync() > 0)
        {
            await said.WriteLineAsync($"Message {sequence} of {publisher} {done} by {reader}.");
            return 0;
        }

        await said.WriteLineAsync(
            await WhoIsThereAsync(connection, reader, publisher) ?? $"{reader} is not held up by message {sequence} of {publisher}.");
        return 1;
    }

    // Null where the reader is there and reads this publisher.
    private static async Task<string?> WhoIsThereAsync(NpgsqlConnection connection, string reader, string publisher)
    {
        await using var command = new NpgsqlCommand(
            """
            select case when not exists (select from reader_positions where reader = $1 and publisher = $2) then
                (select string_agg(distinct reader || ' from ' || publisher, ', ') from reader_positions) end
            """, connection);
        command.Parameters.Add(new() { Value = reader });
        command.Parameters.Add(new() { Value = publisher });
        return await command.ExecuteScalarAsync() is string all ? $"No reader {reader} reads {publisher}. There are: {all}." : null;
    }

    // What is misspelt is refused: left out, an option means something else.
    private static Dictionary<string, string> Options(string[] args, params string[] known)
    {
        var options = new Dictionary<string, string>();
        foreach (var pair in args.Chunk(2))
        {
            var wrong = !known.Contains(pair[0]) ? $"There is no option {pair[0]} here; there are {string.Join(", ", known)}."
                : pair.Length == 1 ? $"{pair[0]} needs a value."
                : !options.TryAdd(pair[0], pair[1]) ? $"{pair[0]} is given twice."
                : null;
            if (wrong is not null)
            {
                throw new ArgumentException($"{wrong}\n{Usage}");
            }
        }

        return options;
    }

    internal static string Required(Dictionary<string, string> options, string name) =>
        options.GetValueOrDefault(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : throw new ArgumentException($"{name} is missing.\n{Usage}");

    /// <summary>An option that is a number.</summary>
    /// <exception cref="ArgumentException">It is missing, no whole number, negative or too large.</exception>
    internal static long Number(Dictionary<string, string> options, string name, long most = long.MaxValue)
    {
        var value = Required(options, name);
        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from 0 to {most}, not {value}."));
    }
}
