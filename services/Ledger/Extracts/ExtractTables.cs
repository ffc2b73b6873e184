using Marten;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>What lies beside the events of extracts.</summary>
public static class ExtractTables
{
    public static void AddExtracts(this StoreOptions options)
    {
        // The issued files name their holders: they are no events, and can be removed.
        var files = new Table("public.extract_files");
        files.AddColumn("extract_id", "uuid").AsPrimaryKey();
        files.AddColumn("volunteer_id", "uuid").NotNull();
        files.AddColumn("file", "bytea").NotNull();
        files.AddColumn("credential", "text").NotNull();
        options.Storage.ExtendedSchemaObjects.Add(files);
        // Which confirmations an extract speaks of, to see at once which extracts a revocation reaches.
        var held = new Table("public.extract_holds");
        held.AddColumn("extract_id", "uuid").AsPrimaryKey();
        held.AddColumn("certificate_id", "uuid").AsPrimaryKey();
        held.AddColumn("status_index", "integer").NotNull();
        held.Indexes.Add(new IndexDefinition("extract_holds_certificate") { Columns = ["certificate_id"] });
        options.Storage.ExtendedSchemaObjects.Add(held);
        // Places in the status list are given once and never again; one that was given to what then failed stays empty.
        var places = new Table("public.credential_status");
        places.AddColumn("index", "bigserial").AsPrimaryKey();
        places.AddColumn("credential_id", "uuid").NotNull();
        options.Storage.ExtendedSchemaObjects.Add(places);
    }
}
