using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Matching;

/// <summary>
/// <c>POST /api/v1/proposals/{sheetId}/{line}/refusal</c>: says that a row about oneself is not work for one's book, e.g. that one was not there.
/// </summary>
/// <param name="Reason">Why, for the organisation to read; at most 2000 characters.</param>
public sealed record DeclineProposal(string Reason);

public static class DeclineProposalEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/proposals/{sheetId:guid}/{line:int}/refusal", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Decline work that an attendance sheet records")
            .WithExample(new DeclineProposal("В этот день меня там не было."));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid sheetId, int line, DeclineProposal command, Caller caller, IDocumentSession session,
        NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        await using (var row = database.CreateCommand(
            "select 1 from sheet_rows row join mt_doc_sheet sheet on sheet.rows_id = row.rows_id and sheet.status = 'Signed' where sheet.id = $1 "
            + "and row.line = $2 and row.volunteer_id = $3"))
        {
            row.Parameters.Add(new() { Value = sheetId });
            row.Parameters.Add(new() { Value = line });
            row.Parameters.Add(new() { Value = caller.Id });
            if (await row.ExecuteScalarAsync(ct) is null)
            {
                return TypedResults.NotFound();
            }
        }

        var stream = await session.Events.FetchForWriting<Proposal>(Proposal.IdOf(sheetId, line), ct);
        var decision = Decide(stream.Aggregate, sheetId, line, caller.Id, command, clock.GetUtcNow());
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        return decision.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    public static Decision Decide(Proposal? declined, Guid sheet, int line, Guid volunteer, DeclineProposal command, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 2000) is { } broken ? broken
        : declined is not null ? Decision.Nothing
        : Decision.Append(new ProposalDeclined(sheet, line, volunteer, command.Reason, now));
}
