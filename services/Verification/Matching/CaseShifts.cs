using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using VolunteerBook.Verification.Cases;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Verification.Matching;

/// <summary>When the work of every case was done, flat: what the rows of attendance sheets are compared with.</summary>
public sealed partial class CaseShifts : EventProjection
{
    public CaseShifts()
    {
        SchemaObjects.Add(Shifts());
        Options.DeleteDataInTableOnTeardown("public.case_shifts");
    }

    public void Project(IEvent<CaseOpened> e, IDocumentOperations operations)
    {
        var starts = e.Data.Facts.Shifts.Select(shift => shift.StartsAt().ToUniversalTime()).ToArray();
        operations.QueueSqlCommand(
            """
            insert into case_shifts (case_id, number, entry_id, organisation_id, volunteer_id, starts_at, ends_at)
            select ?, shift.number, ?, ?, ?, shift.starts_at, shift.ends_at
            from unnest(?::timestamptz[], ?::timestamptz[]) with ordinality shift (starts_at, ends_at, number)
            """,
            e.StreamId, e.Data.EntryId, e.Data.Facts.OrganisationId, e.Data.VolunteerId,
            starts, starts.Zip(e.Data.Facts.Shifts, (start, shift) => start.AddMinutes(shift.Minutes)).ToArray());
    }

    private static Table Shifts()
    {
        var table = new Table("public.case_shifts");
        table.AddColumn("case_id", "uuid").AsPrimaryKey();
        table.AddColumn("number", "bigint").AsPrimaryKey();
        table.AddColumn("entry_id", "uuid").NotNull();
        table.AddColumn("organisation_id", "uuid").NotNull();
        table.AddColumn("volunteer_id", "uuid").NotNull();
        table.AddColumn("starts_at", "timestamptz").NotNull();
        table.AddColumn("ends_at", "timestamptz").NotNull();
        table.Indexes.Add(new IndexDefinition("case_shifts_volunteer") { Columns = ["volunteer_id", "starts_at"] });
        return table;
    }
}
