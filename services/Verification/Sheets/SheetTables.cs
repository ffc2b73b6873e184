using Marten;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Verification.Sheets;

/// <summary>The rows of the sheets. They are the document itself, not a projection: written once, in the transaction of <see cref="SheetReceived"/>.</summary>
public static class SheetTables
{
    public static void AddSheets(this WebApplicationBuilder builder) => builder.Services.InitializeMartenWith<MendRefusedSheets>();

    public static void AddSheetRows(this StoreOptions options) => options.Storage.ExtendedSchemaObjects.Add(Rows());

    /// <summary>A row that was accepted has no faults, one that was not has nothing else.</summary>
    private static Table Rows()
    {
        var table = new Table("public.sheet_rows");
        table.AddColumn("rows_id", "uuid").AsPrimaryKey();
        table.AddColumn("line", "integer").AsPrimaryKey();
        table.AddColumn("volunteer_id", "uuid");
        table.AddColumn("starts_at", "timestamptz");
        table.AddColumn("ends_at", "timestamptz");
        // Canonical JSON, as it is signed.
        table.AddColumn("record", "text");
        table.AddColumn("faults", "jsonb");
        table.Indexes.Add(new IndexDefinition("sheet_rows_volunteer") { Columns = ["volunteer_id", "starts_at"], Predicate = "volunteer_id is not null" });
        table.Indexes.Add(new IndexDefinition("sheet_rows_faults") { Columns = ["rows_id", "line"], Predicate = "faults is not null" });
        return table;
    }
}
