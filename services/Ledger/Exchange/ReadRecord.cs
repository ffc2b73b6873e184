using System.Diagnostics.Metrics;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Exchange.Forms;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>
/// <c>GET /api/v1/agency/records/{volunteerId}?purpose=&amp;form=</c>: an agency reads confirmed data under the volunteer's grant, as a
/// <see cref="BookRecord"/> or in a form (F40, F43). The read is recorded in the grant's stream in the same transaction. No agency, no volunteer, no grant
/// that holds now: all 404, and look the same.
/// </summary>
public static class ReadRecordEndpoint
{
    private static readonly Counter<long> Reads = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.agency.reads", "{read}", "Answered reads by agencies");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agency/records/{volunteerId:guid}", Handle)
            .RequireAuthorization(Policies.Agency)
            .Produces<BookRecord>()
            .WithSummary("Confirmed data of a volunteer who allowed it, plain or in a form");

    private static async Task<Results<JsonHttpResult<object>, NotFound, ProblemHttpResult>> Handle(
        Guid volunteerId, string purpose, Caller caller, IQuerySession known,
        OneTransaction transaction, TimeProvider clock, CancellationToken ct, string? form = null)
    {
        var asked = Form.Find(form);
        var now = clock.GetUtcNow();
        if (await known.LoadAsync<Agency>(Agency.IdOf(caller.Subject), ct) is not { } agency || !agency.Has(purpose)
            || await known.StandingAsync(volunteerId, agency.ClientId, purpose, now, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        // The grant's row is locked from here to the commit: a withdrawal comes before this read, which then finds nothing, or after it.
        await using var session = await transaction.AloneWithAsync(found.Id, ct);
        var stream = await session.Events.FetchForWriting<Grant>(found.Id, ct);
        if (stream.Aggregate is not { } grant || !grant.Allows(agency, now))
        {
            return TypedResults.NotFound();
        }

        var record = await BookRecord.ReadAsync(session, volunteerId, grant.Scope, now, ct);
        var decision = Decide(grant, record, asked, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        Reads.Add(1);
        return TypedResults.Json(asked?.Map(record) ?? record);
    }

    public static Decision Decide(Grant grant, BookRecord record, Form? form, DateTimeOffset now) =>
        form is { NeedsEntries: true } && record.Entries is null ? Form.EntriesNotGranted
        : Decision.Append(new DataGiven(
            grant.VolunteerId, grant.Agency, grant.Purpose, AccessMeans.Read, record.Entries?.Count ?? 0, record.Totals.Minutes, now, form?.Id));
}
