using Marten;
using VolunteerBook.EventSourcing;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>The webhooks' tables: what is to be sent and how far that is, as <c>broker_position</c> is for the broker; and the secrets.</summary>
internal static class WebhookTables
{
    /// <summary>Adds the tables to the database's schema.</summary>
    public static void AddWebhookTables(this StoreOptions options)
    {
        options.Storage.ExtendedSchemaObjects.Add(Deliveries());
        options.Storage.ExtendedSchemaObjects.Add(Secrets());
    }

    /// <summary>
    /// What is not to be sent any more: it was delivered, given up or dropped, and may be replayed until then; or it waits for an agency whose webhook is off,
    /// under a grant that ended so long ago. That data was given stays in the grant's own events.
    /// </summary>
    public static KeptForDays OldDeliveries { get; } = new("WebhookMessagesDays", 90, LeastDays: 7, "webhook_deliveries",
        """
        kept.at < $1 and (
            kept.status in ('delivered', 'dead', 'dropped') and coalesce(kept.last_at, kept.at) < $1
            or kept.status = 'pending' and kept.next_at is null
                and exists (select 1 from mt_doc_grant ended where ended.id = kept.grant_id and (ended.data ->> 'until')::date < ($1 at time zone 'UTC')::date))
        """);

    /// <summary>One row a message. A message of a grant that no longer holds keeps its row and loses its body.</summary>
    private static Table Deliveries()
    {
        var table = new Table("public.webhook_deliveries");
        // The webhook-id: UUIDv5 of the stored event's id and the grant.
        table.AddColumn("id", "uuid").AsPrimaryKey();
        // The order of the log, without a gap.
        table.AddColumn("number", "bigint").NotNull();
        table.AddColumn("agency_id", "uuid").NotNull();
        table.AddColumn("volunteer_id", "uuid").NotNull();
        table.AddColumn("grant_id", "uuid").NotNull();
        table.AddColumn("event_id", "uuid").NotNull();
        table.AddColumn("type", "text").NotNull();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("body", "text");
        table.AddColumn("form", "text");
        table.AddColumn("entries", "integer").NotNull();
        table.AddColumn("minutes", "bigint").NotNull();
        table.AddColumn("status", "text").NotNull();
        table.AddColumn("attempts", "integer").NotNull();
        // Not before; null while the agency has no webhook that takes it.
        table.AddColumn("next_at", "timestamptz");
        // An instance is sending it until then, by the database's clock.
        table.AddColumn("claimed_until", "timestamptz");
        // Whether the volunteer's access list shows it.
        table.AddColumn("recorded", "boolean").NotNull();
        table.AddColumn("last_at", "timestamptz");
        table.AddColumn("last_status", "integer");
        table.AddColumn("last_error", "text");
        table.Indexes.Add(new IndexDefinition("webhook_deliveries_number") { Columns = ["number"], IsUnique = true });
        table.Indexes.Add(new IndexDefinition("webhook_deliveries_heads") { Columns = ["status", "agency_id", "volunteer_id", "number"] });
        table.Indexes.Add(new IndexDefinition("webhook_deliveries_list") { Columns = ["agency_id", "at", "id"] });
        table.Indexes.Add(new IndexDefinition("webhook_deliveries_at") { Columns = ["at"], Method = IndexMethod.brin });
        table.Indexes.Add(new IndexDefinition("webhook_deliveries_grant") { Columns = ["grant_id"] });
        return table;
    }

    /// <summary>
    /// Secrets that sign, under the master key: in the schema of keys, so that a backup of the events can leave them out, and analysts never see them.
    /// </summary>
    private static Table Secrets()
    {
        var table = new Table("keys.webhook_secrets");
        table.AddColumn("agency_id", "uuid").AsPrimaryKey();
        table.AddColumn("made_at", "timestamptz").AsPrimaryKey();
        // Null for the latest.
        table.AddColumn("until", "timestamptz");
        table.AddColumn("secret", "bytea").NotNull();
        return table;
    }
}
