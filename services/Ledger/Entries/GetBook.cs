using System.ComponentModel.DataAnnotations;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// <c>GET /api/v1/book</c>: one's own book, paged and filtered, with its totals (F1, F3, F7). <c>q</c> finds entries whose project, place and description hold
/// all of its words, whatever the case.
/// </summary>
public static class GetBookEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .Produces<Book>()
            .WithSummary("Your book: entries and totals");

    private static async Task Handle(
        HttpContext http, Caller caller, NpgsqlDataSource database, CancellationToken ct,
        string? status = null, Guid? organisationId = null, string? taskType = null, [Range(1900, 2199)] int? year = null,
        string? q = null, string? after = null, [PageSize] int? limit = null)
    {
        if (Refusal.All([VocabularyRules.Filter(taskType: taskType), Rules.OptionalText("q", q, 100)]) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        var cursor = Cursor.Parse(after);
        var size = Cursor.Limit(limit);
        await using var connection = await database.OpenConnectionAsync(ct);
        var among = year is { } asked ? await WithWorkInAsync(connection, caller.Id, asked, ct) : null;
        among = SearchWords.Of(q) is { Length: > 0 } words ? await BookLines.WithWordsAsync(connection, caller.Id, words, among, ct) : among;
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(BookLines.Items(caller.Id, Rules.OneOf<EntryStatus>("status", status), organisationId, taskType, among, cursor, size));
        batch.BatchCommands.Add(BookLines.Of(caller.Id));
        await using var json = BookJson.Begin(http.Response);
        HashSet<Guid> page;
        List<BookLine> lines;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            page = await json.WriteItemsAsync(reader, size, ct);
            await reader.NextResultAsync(ct);
            lines = await BookLines.ReadAsync(reader, ct);
        }

        var counted = Counted.Of(lines, await BookLines.WorksAsync(connection, BookLine.ToLookAt(lines, default), ct), default);
        json.WriteTotals(
            BookTotals.Of(counted),
            [.. counted.SelectMany(entry => entry.Overlaps).Where(overlap => page.Contains(overlap.EntryId) || page.Contains(overlap.CountedIn))]);
    }

    private static async Task<Guid[]> WithWorkInAsync(NpgsqlConnection connection, Guid volunteer, int year, CancellationToken ct)
    {
        List<BookLine> lines;
        await using (var batch = connection.CreateBatch())
        {
            batch.BatchCommands.Add(BookLines.Of(volunteer));
            await using var rows = await batch.ExecuteReaderAsync(ct);
            lines = await BookLines.ReadAsync(rows, ct);
        }

        var period = Period.Of(year);
        return [.. Counted.Of(lines, await BookLines.WorksAsync(connection, BookLine.ToLookAt(lines, period), ct), period).Select(entry => entry.Line.Id)];
    }
}
