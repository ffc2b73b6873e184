using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx.Events;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange.Forms;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>The body of a webhook's message.</summary>
/// <param name="Type">See <see cref="MessageTypes"/>.</param>
/// <param name="Timestamp">When the event was recorded, UTC.</param>
/// <param name="Data">What it tells.</param>
public sealed record MessageBody(string Type, DateTimeOffset Timestamp, MessageData Data);

/// <summary>
/// What a message tells. Of entries only what the grant gives: nothing but the ids of volunteer and grant where it gives totals, so
/// that the agency knows to read them again.
/// </summary>
/// <param name="GrantId">The grant under which it is told.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Purpose">Code of the grant's purpose.</param>
/// <param name="Scope">What the grant gives; in messages about grants.</param>
/// <param name="Until">The last day on which the grant holds, UTC; in messages about grants.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission whose confirmation is told of, or was taken back.</param>
/// <param name="CaseId">Its case.</param>
/// <param name="Entry">The entry as it is confirmed now; not where a confirmation was taken back, nor where the webhook names a form.</param>
/// <param name="Record">The whole record in the webhook's form.</param>
public sealed record MessageData(
    Guid GrantId, Guid VolunteerId, string Purpose,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GrantScope? Scope = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? Until = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? EntryId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Revision = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? CaseId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecordEntry? Entry = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Record = null);

/// <summary>A message to be sent, with what the volunteer's access list will say of it.</summary>
/// <param name="Id">The <c>webhook-id</c>: UUIDv5 of the stored event in the grant's namespace, so the same however often it is made or sent.</param>
/// <param name="GrantId">The grant.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="AgencyId">The agency's stream.</param>
/// <param name="EventId">The stored event.</param>
/// <param name="At">When that was recorded, UTC.</param>
/// <param name="Body">What it says.</param>
/// <param name="Form">Identifier of the form that the record is in; null without one.</param>
/// <param name="Entries">How many entries it tells of one by one.</param>
/// <param name="Minutes">Minutes of work that it tells of.</param>
public sealed record Message(
    Guid Id, Guid GrantId, Guid VolunteerId, Guid AgencyId, Guid EventId, DateTimeOffset At, MessageBody Body, string? Form, int Entries, long Minutes)
{
    /// <summary>The body as it is sent.</summary>
    public string Json => JsonSerializer.Serialize(Body, ServiceDefaults.Json.Options);

    /// <summary>That a grant was given or taken back.</summary>
    public static Message OfGrant(IEvent stored, Grant grant) => Of(
        stored, grant, stored.Data is GrantGiven ? MessageTypes.GrantGiven : MessageTypes.GrantWithdrawn,
        new MessageData(grant.Id, grant.VolunteerId, grant.Purpose, grant.Scope, grant.Until), null, 0, 0);

    /// <summary>What the change of an entry means to who holds the grant; null where it means nothing.</summary>
    /// <param name="stored">The confirmation or its revocation.</param>
    /// <param name="before">The entry without it.</param>
    /// <param name="after">The entry with it.</param>
    /// <param name="grant">The grant.</param>
    /// <param name="form">The webhook's form.</param>
    /// <param name="record">The record in the grant's scope, where there is a form.</param>
    public static Message? OfEntry(IEvent stored, EntryView before, EntryView after, Grant grant, Form? form, BookRecord? record)
    {
        var was = before.Confirmation is null ? null : BookRecord.One(before, grant.Scope, null);
        var now = after.Confirmation is null ? null : BookRecord.One(after, grant.Scope, stored.Data as EntryConfirmed);
        var type = (was, now) switch
        {
            (null, null) => null,
            (null, _) => MessageTypes.EntryConfirmed,
            (_, null) => MessageTypes.EntryRevoked,
            _ => MessageTypes.EntryAmended,
        };
        if (type is null)
        {
            return null;
        }

        var ids = new MessageData(grant.Id, grant.VolunteerId, grant.Purpose);
        if (grant.Scope.Gives == GrantDepth.Totals && (form is null || form.NeedsEntries))
        {
            return Of(stored, grant, type, ids, null, 0, 0);
        }

        var told = (now ?? was)!;
        if (form is not null && record is not null)
        {
            return Of(stored, grant, type, ids with { Record = form.Map(record) }, form.Id, record.Entries?.Count ?? 0, record.Totals.Minutes);
        }

        return Of(stored, grant, type, ids with { EntryId = told.Id, Revision = told.Revision, CaseId = told.CaseId, Entry = now }, null, 1, told.Minutes);
    }

    private static Message Of(IEvent stored, Grant grant, string type, MessageData data, string? form, int entries, long minutes)
    {
        var at = stored.Timestamp.ToUniversalTime();
        return new(
            Uuid.V5(grant.Id, stored.Id.ToString()), grant.Id, grant.VolunteerId, grant.AgencyId,
            stored.Id, at, new MessageBody(type, at, data), form, entries, minutes);
    }
}
