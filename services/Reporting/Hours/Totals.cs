using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using VolunteerBook.Contracts.Ledger;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Reporting.Hours;

/// <summary>
/// The figures in flat form. <c>hours</c> has a row for every month of every entry that waits or is confirmed: a volunteer's own figures and the number of
/// volunteers come from it. <c>totals</c> adds the confirmed ones up by month, region, task type and organisation, and moves by differences in the same
/// transaction: the open statistics read a few thousand rows of it whatever the number of entries.
/// </summary>
public sealed partial class Totals : EventProjection
{
    public Totals()
    {
        SchemaObjects.Add(Hours());
        SchemaObjects.Add(Sums());
        Options.DeleteDataInTableOnTeardown("public.hours");
        Options.DeleteDataInTableOnTeardown("public.totals");
    }

    public void Project(IEvent<HoursSubmitted> e, IDocumentOperations operations)
    {
        Forget(e.StreamId, operations);
        Record(e.StreamId, e.Data.VolunteerId, e.Data.Facts, confirmed: false, operations);
    }

    public void Project(IEvent<HoursConfirmed> e, IDocumentOperations operations)
    {
        Forget(e.StreamId, operations);
        Record(e.StreamId, e.Data.VolunteerId, e.Data.Facts, confirmed: true, operations);
    }

    public void Project(IEvent<HoursWithdrawn> e, IDocumentOperations operations) => Forget(e.StreamId, operations);

    public void Project(IEvent<HoursDeclined> e, IDocumentOperations operations) => Forget(e.StreamId, operations);

    public void Project(IEvent<HoursRevoked> e, IDocumentOperations operations) => Forget(e.StreamId, operations);

    private static void Forget(Guid entry, IDocumentOperations operations) => operations.QueueSqlCommand(
        """
        with gone as (delete from hours where entry_id = ? returning *)
        update totals set minutes = totals.minutes - gone.minutes, entries = totals.entries - 1
        from gone
        where gone.confirmed and totals.month = gone.month and totals.previous_month = gone.previous_month
          and totals.region = gone.region and totals.task_type = gone.task_type and totals.organisation_id = gone.organisation_id
        """,
        entry);

    private static void Record(Guid entry, Guid volunteer, EntryFacts facts, bool confirmed, IDocumentOperations operations)
    {
        var months = MonthOfWork.Of(facts.Shifts);
        operations.QueueSqlCommand(
            """
            with come as (
                insert into hours (entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id, confirmed, minutes)
                select ?, by_month.month, by_month.previous_month, ?, ?, ?, ?, ?, by_month.minutes
                from unnest(?::integer[], ?::integer[], ?::integer[]) by_month (month, previous_month, minutes)
                returning *)
            insert into totals (month, previous_month, region, task_type, organisation_id, minutes, entries)
            select month, previous_month, region, task_type, organisation_id, minutes, 1 from come where confirmed
            on conflict (month, previous_month, region, task_type, organisation_id)
            do update set minutes = totals.minutes + excluded.minutes, entries = totals.entries + 1
            """,
            entry, volunteer, facts.Region, facts.TaskType, facts.OrganisationId, confirmed,
            months.Select(month => month.Month.Number).ToArray(),
            months.Select(month => month.Previous?.Number ?? 0).ToArray(),
            months.Select(month => month.Minutes).ToArray());
    }

    private static Table Hours()
    {
        var table = new Table("public.hours");
        table.AddColumn("entry_id", "uuid").AsPrimaryKey();
        table.AddColumn("month", "integer").AsPrimaryKey();
        table.AddColumn("previous_month", "integer").NotNull();
        table.AddColumn("volunteer_id", "uuid").NotNull();
        table.AddColumn("region", "text").NotNull();
        table.AddColumn("task_type", "text").NotNull();
        table.AddColumn("organisation_id", "uuid").NotNull();
        table.AddColumn("confirmed", "boolean").NotNull();
        table.AddColumn("minutes", "integer").NotNull();
        table.Indexes.Add(new IndexDefinition("hours_by_volunteer") { Columns = ["volunteer_id"] });
        // Covers the count of distinct volunteers under any filter.
        table.Indexes.Add(new IndexDefinition("hours_confirmed")
        {
            Columns = ["month", "region", "task_type", "organisation_id", "volunteer_id"],
            Predicate = "confirmed",
        });
        return table;
    }

    /// <summary>An entry over several months adds to a row of each; <c>previous_month</c> (0 in the entry's first) keeps it countable once.</summary>
    private static Table Sums()
    {
        var table = new Table("public.totals");
        table.AddColumn("month", "integer").AsPrimaryKey();
        table.AddColumn("previous_month", "integer").AsPrimaryKey();
        table.AddColumn("region", "text").AsPrimaryKey();
        table.AddColumn("task_type", "text").AsPrimaryKey();
        table.AddColumn("organisation_id", "uuid").AsPrimaryKey();
        table.AddColumn("minutes", "bigint").NotNull();
        table.AddColumn("entries", "bigint").NotNull();
        return table;
    }
}
