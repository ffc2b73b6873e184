using Marten;
using Marten.Schema;
using Npgsql;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// Mends a store of an earlier version when the service starts. There a signature of a sheet that was refused was stored as <c>signature_refused</c>, which is
/// an event of cases: so a case was made of the sheet, of no organisation and without a beginning, and the sheet's version stayed behind its stream. The events
/// remain as they are; the case goes, and the sheet follows its stream. What is looked for has an index and is not made any more
/// (<see cref="EventSourcing.OwnStreams{T}"/>), so a store that is right costs one look.
/// </summary>
internal sealed class MendRefusedSheets(NpgsqlDataSource database) : IInitialData
{
    public async Task Populate(IDocumentStore store, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            with no_case as (
                delete from mt_doc_case made using mt_streams stream
                where made.organisation_id = $1 and stream.id = made.id and stream.type <> 'case' returning stream.id, stream.version)
            update mt_doc_sheet sheet set mt_version = no_case.version, data = jsonb_set(sheet.data, '{version}', to_jsonb(no_case.version)) from no_case
                where sheet.id = no_case.id
            """);
        command.Parameters.Add(new() { Value = Guid.Empty });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
