using Microsoft.Extensions.Logging;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Removes answers that are kept for repeats under an Idempotency-Key after <see cref="KeptDays"/>: clients repeat for minutes, at most for days, and an answer may tell of a person. Once an hour, and
/// whenever an instance begins to lead.
/// </summary>
internal sealed partial class ForgetAnswers(NpgsqlDataSource database, TimeProvider clock, ILogger<ForgetAnswers> logger) : IWhileLeading
{
    /// <summary>For how many days a repeat gets the first answer.</summary>
    public const int KeptDays = 7;

    // So many at a time that no repeat waits long for their locks.
    private const int BatchSize = 1000;

    public Task RunAsync(CancellationToken leading) => clock.EveryAsync(TimeSpan.FromHours(1), ForgetAsync, exception => NotForgotten(exception.Message), leading);

    private async Task ForgetAsync(CancellationToken ct)
    {
        while (await ForgetBatchAsync(ct) == BatchSize)
        {
        }
    }

    private async Task<int> ForgetBatchAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "delete from idempotent_requests where ctid = any(array(select ctid from idempotent_requests where at < now() - make_interval(days => $1) limit $2))");
        command.Parameters.Add(new() { Value = KeptDays });
        command.Parameters.Add(new() { Value = BatchSize });
        return await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Old answers to repeated requests could not be removed; the next try is in an hour: {Error}")]
    private partial void NotForgotten(string error);
}
