using Marten;
using VolunteerBook.EventSourcing;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>Extracts that leave the house: by mail, and by links for those who have no account (F8).</summary>
public static class ExtractDeliveries
{
    /// <summary>What is stored.</summary>
    public static void AddExtractDeliveries(this StoreOptions options)
    {
        options.Events.MapEventType<ExtractDelivered>("extract_delivered");
        options.Events.MapEventType<ExtractLinkWithdrawn>("extract_link_withdrawn");
        // Inline: a link that was taken back must lead nowhere from that commit on.
        options.Snapshot<Delivery>();
        options.Columns<Delivery>(notNull: true, delivery => delivery.ExtractId, delivery => delivery.At);
        options.Schema.For<Delivery>()
            .Index(delivery => new { delivery.ExtractId, delivery.At });
        options.Storage.ExtendedSchemaObjects.Add(Recipients());
    }

    /// <summary>
    /// Who gave to whom, and how often it was looked at: names and addresses, which are in no event and can be removed. A
    /// link's token is nowhere, its hash is here.
    /// </summary>
    private static Table Recipients()
    {
        var table = new Table("public.extract_deliveries");
        table.AddColumn("delivery_id", "uuid").AsPrimaryKey();
        table.AddColumn("extract_id", "uuid").NotNull();
        table.AddColumn("volunteer_id", "uuid").NotNull();
        table.AddColumn("giver", "text").NotNull();
        table.AddColumn("recipient", "text");
        table.AddColumn("email", "text");
        // A row of outgoing_mail.
        table.AddColumn("mail_id", "uuid");
        table.AddColumn("token_hash", "bytea");
        table.AddColumn("opens", "integer").NotNull().DefaultValue(0);
        table.AddColumn("downloads", "integer").NotNull().DefaultValue(0);
        table.AddColumn("last_opened_at", "timestamptz");
        table.Indexes.Add(new IndexDefinition("extract_deliveries_token_hash") { Columns = ["token_hash"], IsUnique = true });
        return table;
    }
}
