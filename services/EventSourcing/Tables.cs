using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.EventSourcing;

/// <summary>The tables beside Marten's own.</summary>
internal static class Tables
{
    public static IEnumerable<ISchemaObject> All => [IntegrationEvents(), BrokerProgress(), Inbox(), IdempotentRequests(), CompareVersions.Function, InsertOnce.Function];

    /// <summary>What was published, numbered without a gap in the order of the log: the source of the broker's messages and of the integration feed.</summary>
    private static Table IntegrationEvents()
    {
        var table = new Table("public.integration_events");
        table.AddColumn("number", "bigint").AsPrimaryKey();
        table.AddColumn("id", "uuid").NotNull();
        table.AddColumn("type", "text").NotNull();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("by", "text");
        table.AddColumn("correlation_id", "text");
        table.AddColumn("trace_parent", "text");
        table.AddColumn("data", "jsonb").NotNull();
        // No event bears two numbers.
        table.Indexes.Add(new IndexDefinition("integration_events_id") { Columns = ["id"], IsUnique = true });
        return table;
    }

    /// <summary>Up to which number the broker has confirmed; one row.</summary>
    private static Table BrokerProgress()
    {
        var table = new Table("public.broker_progress");
        table.AddColumn("id", "integer").AsPrimaryKey();
        table.AddColumn("number", "bigint").NotNull();
        return table;
    }

    /// <summary>Up to which number each publisher's integration events were handled; written in the transaction of what they brought about.</summary>
    private static Table Inbox()
    {
        var table = new Table("public.inbox");
        table.AddColumn("publisher", "text").AsPrimaryKey();
        table.AddColumn("number", "bigint").NotNull();
        return table;
    }

    /// <summary>Answers by Idempotency-Key; written in the transaction of what the request brought about.</summary>
    private static Table IdempotentRequests()
    {
        var table = new Table("public.idempotent_requests");
        table.AddColumn("caller", "text").AsPrimaryKey();
        table.AddColumn("key", "text").AsPrimaryKey();
        table.AddColumn("request_hash", "bytea").NotNull();
        table.AddColumn("status", "integer").NotNull();
        table.AddColumn("headers", "jsonb").NotNull();
        table.AddColumn("body", "bytea").NotNull();
        table.AddColumn("at", "timestamptz").NotNull().DefaultValueByExpression("now()");
        // Rows come in the order of time: a block range index finds the old ones and costs an insert next to nothing.
        table.Indexes.Add(new IndexDefinition("idempotent_requests_at") { Columns = ["at"], Method = IndexMethod.brin });
        return table;
    }

    /// <summary>Mail to be sent, in the services that send any. What was sent or given up keeps its row, without a word that says to whom or what.</summary>
    public static Table OutgoingMail()
    {
        var table = new Table("public.outgoing_mail");
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("recipient", "text");
        table.AddColumn("subject", "text");
        table.AddColumn("body", "text");
        table.AddColumn("file", "bytea");
        table.AddColumn("file_name", "text");
        table.AddColumn("file_type", "text");
        table.AddColumn("status", "text").NotNull();
        table.AddColumn("attempts", "integer").NotNull();
        // Not before; null where it is not tried again.
        table.AddColumn("next_at", "timestamptz");
        // An instance is sending it until then, by the database's clock.
        table.AddColumn("claimed_until", "timestamptz");
        table.AddColumn("last_at", "timestamptz");
        table.AddColumn("last_code", "integer");
        table.AddColumn("last_error", "text");
        table.Indexes.Add(new IndexDefinition("outgoing_mail_next") { Columns = ["status", "next_at"] });
        return table;
    }
}
