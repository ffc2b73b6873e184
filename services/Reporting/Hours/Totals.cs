using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Reporting.Hours;

/// <summary>
/// The figures in flat form. <c>hours</c> has a row for every month of every entry that waits or is confirmed: a volunteer's own figures and the number of
/// volunteers come from it. <c>totals</c> adds the confirmed ones up by month, region, task type and organisation, and moves by differences in the same
/// transaction: the open statistics read a few thousand rows of it whatever the number of entries.
/// <para>
/// A minute that several entries of a volunteer claim counts once (N7), in the same one as in the book: in a confirmed one before one that waits, then in the best
/// evidenced, then in the one that began in the earlier minute, then in the one with the smaller id. So all the cells together hold the union of what was worked, whatever the
/// organisations, regions and zones; a few of them hold what counts in their entries, though an entry outside may keep a minute that one of them claims too.
/// </para>
/// </summary>
public sealed partial class Totals : EventProjection
{
    /// <summary>Below the weakest grade: of hours that no organisation has confirmed.</summary>
    private const int Waiting = -1;

    /// <summary>How far the beginnings of two rows that meet can lie apart, minutes: a month, what zones differ by, a shift. Lets an index find them.</summary>
    private const int Reach = (31 + 2 + 1) * Shift.MostMinutes;

    public Totals()
    {
        SchemaObjects.Add(Hours());
        SchemaObjects.Add(Sums());
        Options.DeleteDataInTableOnTeardown("public.hours");
        Options.DeleteDataInTableOnTeardown("public.totals");
    }

    public void Project(IEvent<HoursSubmitted> e, IDocumentOperations operations) => Say(e.StreamId, e.Data.VolunteerId, e.Data.Facts, Waiting, operations);

    public void Project(IEvent<HoursConfirmed> e, IDocumentOperations operations) =>
        Say(e.StreamId, e.Data.VolunteerId, e.Data.Facts, (int)(e.Data.Grade ?? EvidenceGrade.Signed), operations);

    public void Project(IEvent<HoursWithdrawn> e, IDocumentOperations operations) => Say(e.StreamId, e.Data.VolunteerId, null, Waiting, operations);

    public void Project(IEvent<HoursDeclined> e, IDocumentOperations operations) => Say(e.StreamId, e.Data.VolunteerId, null, Waiting, operations);

    public void Project(IEvent<HoursRevoked> e, IDocumentOperations operations) => Say(e.StreamId, e.Data.VolunteerId, null, Waiting, operations);

    /// <summary>The entry says this now, or nothing any more: its rows change, and those of the same volunteer that meet what it said or says.</summary>
    private static void Say(Guid entry, Guid volunteer, EntryFacts? facts, int grade, IDocumentOperations operations)
    {
        var months = facts is null ? [] : MonthOfWork.Of(facts.Shifts);
        var numbers = months.Select(month => month.Month.Number).ToArray();
        operations.QueueSqlCommand(
            Settle,
            entry, entry,
            volunteer, facts?.Region!, facts?.TaskType!, facts?.OrganisationId!, grade != Waiting, grade, facts is null ? null! : (object)DateTimeOffset.UnixEpoch.AddMinutes(new Work(entry, default, facts.Shifts).FirstMinute),
            numbers,
            months.Select(month => month.Previous?.Number ?? 0).ToArray(),
            months.Select(month => month.Spans).ToArray(),
            months.Select(month => month.Minutes).ToArray(),
            entry, numbers);
    }

    // moved: what the entry said (-1) and what it says (1). met: the spans of the volunteer's other entries that meet it, in the order in which they bear minutes,
    // each with those before it. shares: what each of them holds of the entry's minutes while the entry is away. Those after the entry yield it or have it back,
    // those before it keep it. The rows of one entry never overlap. Rows that hold nothing matter only where the entry gives something back.
    private static readonly string Settle =
        $$"""
        with moved as (
            select -1 as sign, entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans, minutes
            from hours where entry_id = ?
            union all
            select 1, ?::uuid, month, previous_month, ?::uuid, ?::text, ?::text, ?::uuid, ?::boolean, ?::integer, ?::timestamptz, lower(spans), spans, minutes
            from unnest(?::integer[], ?::integer[], ?::int8multirange[], ?::integer[]) said (month, previous_month, spans, minutes)
        ), met as (
            select moved.sign, moved.month as of_month, moved.spans as claimed,
                (-moved.grade, moved.first_start, moved.entry_id) < (-other.grade, other.first_start, other.entry_id) as yields,
                other.entry_id, other.month, other.previous_month, other.region, other.task_type, other.organisation_id, other.confirmed, span,
                range_agg(span) over (partition by moved.sign, moved.month order by other.grade desc, other.first_start, other.entry_id
                    rows between unbounded preceding and 1 preceding) as held
            from moved
            join hours other on other.volunteer_id = moved.volunteer_id and other.entry_id <> moved.entry_id
                and other.begins between moved.begins - {{Reach}} and upper(moved.spans) and other.spans && moved.spans
            cross join unnest(other.spans) span
            where span && moved.spans and (other.minutes > 0 or (select bool_or(sign = -1 and minutes > 0) from moved))
        ), shares as (
            select met.*, (select coalesce(sum(upper(free) - lower(free)), 0) from unnest(claimed * int8multirange(span) - coalesce(held, '{}')) free) as minutes
            from met
        ), others as (
            update hours set minutes = hours.minutes - given.minutes
            from (select entry_id, month, sum(sign * minutes) as minutes from shares where yields group by entry_id, month) given
            where hours.entry_id = given.entry_id and hours.month = given.month and given.minutes <> 0
        ), gone as (
            delete from hours where entry_id = ? and month <> all (?::integer[])
        ), stands as (
            insert into hours (entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans, minutes)
            select entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans,
                minutes - coalesce((select sum(shares.minutes) from shares where shares.sign = 1 and of_month = moved.month and not yields), 0)
            from moved where sign = 1
            on conflict (entry_id, month) do update set
                (previous_month, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans, minutes)
                = (excluded.previous_month, excluded.region, excluded.task_type, excluded.organisation_id, excluded.confirmed, excluded.grade,
                    excluded.first_start, excluded.begins, excluded.spans, excluded.minutes)
            returning *
        )
        insert into totals (month, previous_month, region, task_type, organisation_id, minutes, entries)
        select month, previous_month, region, task_type, organisation_id, sum(minutes), sum(entries)
        from (
            select month, previous_month, region, task_type, organisation_id, minutes, 1 as entries from stands where confirmed
            union all
            select month, previous_month, region, task_type, organisation_id, -minutes, -1 from moved where sign = -1 and confirmed
            union all
            select month, previous_month, region, task_type, organisation_id, -sign * minutes, 0 from shares where yields and confirmed
        ) changed
        group by month, previous_month, region, task_type, organisation_id
        having sum(minutes) <> 0 or sum(entries) <> 0
        on conflict (month, previous_month, region, task_type, organisation_id)
        do update set minutes = totals.minutes + excluded.minutes, entries = totals.entries + excluded.entries
        """;

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
        // Those that count in this row.
        table.AddColumn("minutes", "integer").NotNull();
        // Where the entry stands among those that claim the same minute, and which minutes it claims; null in rows older than these columns until the projection is rebuilt.
        table.AddColumn("grade", "integer");
        table.AddColumn("first_start", "timestamptz");
        table.AddColumn("begins", "bigint");
        table.AddColumn("spans", "int8multirange");
        table.Indexes.Add(new IndexDefinition("hours_by_volunteer") { Columns = ["volunteer_id", "begins"] });
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
