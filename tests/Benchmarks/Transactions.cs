using System.Text.RegularExpressions;
using Npgsql;

namespace VolunteerBook.Benchmarks;

/// <summary>Which transactions there are: for a while PostgreSQL writes every statement into its log, with the transaction that it is in.</summary>
internal static partial class Transactions
{
    private static readonly TimeSpan Written = TimeSpan.FromSeconds(3);

    /// <summary>Those that begin meanwhile, by their database and first statement, the most frequent first.</summary>
    public static async Task<IReadOnlyList<(string Database, string First, int Times)>> WhileAsync(Ground ground, Func<Task> what, CancellationToken ct)
    {
        await using var server = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=template1;Pooling=false");
        await SayAsync("alter system set log_line_prefix = '@%d@%v@'", "alter system set log_statement = 'all'", "select pg_reload_conf()");
        await Task.Delay(Written, ct);
        var before = (await ground.System.OutputAsync("postgres")).Length;
        await what();
        await SayAsync("alter system reset log_statement", "alter system reset log_line_prefix", "select pg_reload_conf()");
        await Task.Delay(Written, ct);
        return Read((await ground.System.OutputAsync("postgres"))[before..]);

        async Task SayAsync(params string[] all)
        {
            foreach (var sql in all)
            {
                await using var command = server.CreateCommand(sql);
                await command.ExecuteNonQueryAsync(ct);
            }
        }
    }

    private static List<(string, string, int)> Read(string log)
    {
        var first = new Dictionary<(string Database, string Transaction), string>();
        (string, string)? last = null;
        foreach (var line in log.Split('\n').Select(line => Line().Match(line)).Where(match => match.Success))
        {
            var (key, text) = ((line.Groups["database"].Value, line.Groups["transaction"].Value), line.Groups["text"].Value.Trim());
            if (key.Item1 == "template1" || text.StartsWith("BEGIN", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (line.Groups["kind"].Value != "DETAIL")
            {
                last = first.TryAdd(key, text[..Math.Min(text.Length, 110)]) ? key : null;
            }
            else if (last == key)
            {
                // Which reader: what the first statement was given first, where that is a name.
                var given = Name().Match(text).Groups["name"].Value;
                first[key] += given.Length > 0 ? $" [{given}]" : "";
                last = null;
            }
        }

        return [.. first.GroupBy(one => (one.Key.Database, one.Value))
            .Select(group => (group.Key.Database, group.Key.Value, group.Count())).OrderByDescending(group => group.Item3)];
    }

    // A line of a statement's or its parameters; what goes on in further lines is left out. The number after the slash is the transaction's, zero outside of
    // any.
    [GeneratedRegex(@"@(?<database>[^@]*)@(?<transaction>\d+/[1-9]\d*)@(?<kind>LOG|DETAIL):\s+(statement: |execute [^:]*: |parameters: )(?<text>.*)")]
    private static partial Regex Line();

    [GeneratedRegex(@"\$1 = '(?<name>[a-z][a-z -]*)'")]
    private static partial Regex Name();
}
