using Marten;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// The transparency log's tables. But for salts, which an erasure destroys, and for the next key's signature below a key's last checkpoint, rows are only
/// added: nothing of ours changes or deletes one.
/// </summary>
public static class LogTables
{
    /// <summary>Adds the tables to the database's schema.</summary>
    public static void AddTransparencyLog(this StoreOptions options)
    {
        foreach (var table in new[] { Leaves(), Salts(), Hashes(), Checkpoints(), KeySuccessions(), DevelopmentKey() })
        {
            options.Storage.ExtendedSchemaObjects.Add(table);
        }
    }

    /// <summary>One row an event. What names the event is kept beside the commitment, so that the auditor can name one that is gone.</summary>
    private static Table Leaves()
    {
        var table = new Table("public.log_leaves");
        table.AddColumn("index", "bigint").AsPrimaryKey();
        table.AddColumn("sequence", "bigint").NotNull();
        table.AddColumn("event_id", "uuid").NotNull();
        table.AddColumn("stream_id", "uuid").NotNull();
        table.AddColumn("version", "bigint").NotNull();
        table.AddColumn("type", "text").NotNull();
        table.AddColumn("commitment", "bytea").NotNull();
        // No event is two leaves, whoever believes to write the log.
        table.Indexes.Add(new IndexDefinition("log_leaves_sequence") { Columns = ["sequence"], IsUnique = true });
        table.Indexes.Add(new IndexDefinition("log_leaves_event_id") { Columns = ["event_id"], IsUnique = true });
        table.Indexes.Add(new IndexDefinition("log_leaves_stream_id") { Columns = ["stream_id"] });
        return table;
    }

    /// <summary>The salts of the leaves' commitments; a leaf without one was erased.</summary>
    private static Table Salts()
    {
        var table = new Table("public.log_salts");
        table.AddColumn("index", "bigint").AsPrimaryKey();
        table.AddColumn("salt", "bytea").NotNull();
        return table;
    }

    /// <summary>The tiles' hashes from level 1 up. Those of level 0 are made of the leaves' commitments.</summary>
    private static Table Hashes()
    {
        var table = new Table("public.log_hashes");
        table.AddColumn("level", "integer").AsPrimaryKey();
        table.AddColumn("index", "bigint").AsPrimaryKey();
        table.AddColumn("hash", "bytea").NotNull();
        return table;
    }

    /// <summary>Every checkpoint that was signed.</summary>
    private static Table Checkpoints()
    {
        var table = new Table("public.log_checkpoints");
        table.AddColumn("size", "bigint").AsPrimaryKey();
        table.AddColumn("note", "text").NotNull();
        table.AddColumn("at", "timestamptz").NotNull();
        return table;
    }

    /// <summary>How each key handed over to the next; none in most logs.</summary>
    private static Table KeySuccessions()
    {
        var table = new Table("public.log_key_successions");
        table.AddColumn("number", "integer").AsPrimaryKey();
        table.AddColumn("note", "text").NotNull();
        return table;
    }

    /// <summary>The key that signs on a developer's machine where none is configured; one row there, none elsewhere.</summary>
    private static Table DevelopmentKey()
    {
        var table = new Table("public.log_development_key");
        table.AddColumn("id", "integer").AsPrimaryKey();
        table.AddColumn("seed", "bytea").NotNull();
        return table;
    }
}
