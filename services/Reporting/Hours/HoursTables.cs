using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Hours;

/// <summary>
/// The figures. <c>entries</c> knows the latest word on each entry. <c>hours</c> has a row for every month of every entry that waits or is confirmed: a
/// volunteer's own figures and the number of volunteers come from it. <c>totals</c> adds the confirmed ones up by month, region, task type and organisation,
/// and moves by differences in the same statement: the open statistics read a few thousand rows of it whatever the number of entries.
/// <para>
/// A minute that several entries of a volunteer claim counts once (N7), in the same one as in the book: in a confirmed one before one that waits, then in the
/// best evidenced, then in the one that began in the earlier minute, then in the one with the smaller id. So all the cells together hold the union of what
/// was worked, whatever the organisations, regions and zones; a few of them hold what counts in their entries, though an entry outside may keep a minute that
/// one of them claims too.
/// </para>
/// </summary>
internal static class HoursTables
{
    /// <summary>Below the weakest grade: of hours that no organisation has confirmed.</summary>
    private const int Waiting = -1;

    /// <summary>How far the beginnings of two rows that meet can lie apart, minutes: a month, what zones differ by, a shift. Lets an index find them.</summary>
    private const int Reach = (31 + 2 + 1) * Shift.MostMinutes;

    /// <summary>
    /// The entry says this now, or nothing any more, unless a later word on it is known: its rows change, and those of the same volunteer that meet it.
    /// </summary>
    public static void Say(Filling into, Guid entry, int revision, FactStatus status, Guid volunteer, EntryFacts? facts = null, EvidenceGrade? grade = null) =>
        into.Gather(new Word(entry, revision, status, volunteer, facts, grade), Say);

    // Of several words on an entry only the latest holds in the end. Entries of one volunteer may claim the same minute: each is settled after the other.
    private static void Say(Filling into, IReadOnlyList<Word> words)
    {
        var latest = words.GroupBy(word => word.Entry).Select(ofEntry => ofEntry.MaxBy(word => (word.Revision, word.Status))!);
        foreach (var round in latest.GroupBy(word => word.Volunteer).SelectMany(own => own.Index()).GroupBy(word => word.Index, word => word.Item))
        {
            Settle(into, [.. round]);
        }
    }

    private static void Settle(Filling into, IReadOnlyList<Word> words)
    {
        var months = words.Where(word => word.Facts is not null)
            .SelectMany(word => MonthOfWork.Of(word.Facts!.Shifts).Select(month => (word.Entry, Month: month))).ToArray();
        into.Run(
            Settle(into.Schema),
            Of(words, word => word.Entry), Of(words, word => word.Revision), Of(words, word => (int)word.Status), Of(words, word => word.Volunteer),
            Of(words, word => word.Facts?.Region), Of(words, word => word.Facts?.TaskType), Of(words, word => word.Facts?.OrganisationId),
            Of(words, word => word.Grade is not null), Of(words, word => (int?)word.Grade ?? Waiting), Of(words, word => word.FirstStart),
            Of(months, month => month.Entry), Of(months, month => month.Month.Month.Number), Of(months, month => month.Month.Previous?.Number ?? 0),
            Of(months, month => month.Month.Spans), Of(months, month => month.Month.Minutes));

        static TValue[] Of<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value) => [.. rows.Select(value)];
    }

    /// <summary>An entry over several months adds to a row of each; <c>previous_month</c> (0 in the entry's first) keeps it countable once.</summary>
    public static string Make(string schema) =>
        $"""
        create table {schema}.entries (entry_id uuid primary key, revision integer not null, status integer not null);

        create table {schema}.hours (
            entry_id uuid, month integer, previous_month integer not null, volunteer_id uuid not null, region text not null, task_type text not null,
            organisation_id uuid not null, confirmed boolean not null,
            minutes integer not null, -- that count in this row
            grade integer not null, first_start timestamptz not null, -- where the entry stands among those that claim the same minute
            begins bigint not null, spans int8multirange not null, -- which minutes it claims
            primary key (entry_id, month));
        create index hours_by_volunteer on {schema}.hours (volunteer_id, begins);
        -- Covers the count of distinct volunteers under any filter.
        create index hours_confirmed on {schema}.hours (month, region, task_type, organisation_id, volunteer_id) where confirmed;

        create table {schema}.totals (
            month integer, previous_month integer, region text, task_type text, organisation_id uuid, minutes bigint not null, entries bigint not null,
            primary key (month, previous_month, region, task_type, organisation_id));
        """;

    // said, parts: the words, each of another volunteer, and the months of their entries. word: the entries on which it is the latest word. moved: what they
    // said (-1) and what they say (1). met: the spans of the volunteer's other entries that meet an entry, in the order in which they bear minutes, each with
    // those before it. shares: what each of them holds of the entry's minutes while the entry is away. Those after the entry yield it or have it back, those
    // before it keep it. The rows of one entry never overlap. Rows that hold nothing matter only where the entry gives something back.
    // The offset keeps PostgreSQL from joining all of the table: a new one has no statistics yet, and the plan is kept while it grows.
    private static string Settle(string schema) =>
        $$"""
        with said as (
            select * from unnest(
                $1::uuid[], $2::integer[], $3::integer[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::boolean[], $9::integer[], $10::timestamptz[])
                said (entry_id, revision, status, volunteer_id, region, task_type, organisation_id, confirmed, grade, first_start)
        ), parts as (
            select * from unnest($11::uuid[], $12::integer[], $13::integer[], $14::int8multirange[], $15::integer[])
                part (entry_id, month, previous_month, spans, minutes)
        ), word as (
            insert into {{schema}}.entries as known (entry_id, revision, status) select entry_id, revision, status from said
            on conflict (entry_id) do update set revision = excluded.revision, status = excluded.status
            where (known.revision, known.status) < (excluded.revision, excluded.status)
            returning entry_id
        ), moved as (
            select *, bool_or(sign = -1 and minutes > 0) over (partition by entry_id) as gives_back
            from (
                select -1 as sign, entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id,
                    confirmed, grade, first_start, begins, spans, minutes
                from {{schema}}.hours join word using (entry_id)
                union all
                select 1, entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id,
                    confirmed, grade, first_start, lower(spans), spans, minutes
                from word join said using (entry_id) join parts using (entry_id)
            ) change
        ), met as (
            select moved.sign, moved.entry_id as of_entry, moved.month as of_month, moved.spans as claimed,
                (-moved.grade, moved.first_start, moved.entry_id) < (-other.grade, other.first_start, other.entry_id) as yields,
                other.entry_id, other.month, other.previous_month, other.region, other.task_type, other.organisation_id, other.confirmed, span,
                range_agg(span) over (partition by moved.sign, moved.entry_id, moved.month order by other.grade desc, other.first_start, other.entry_id
                    rows between unbounded preceding and 1 preceding) as held
            from moved
            cross join lateral (
                select * from {{schema}}.hours
                where volunteer_id = moved.volunteer_id and entry_id <> moved.entry_id
                    and begins between moved.begins - {{Reach}} and upper(moved.spans) and spans && moved.spans
                offset 0
            ) other
            cross join unnest(other.spans) span
            where span && moved.spans and (other.minutes > 0 or moved.gives_back)
        ), shares as (
            select met.*, (
                select coalesce(sum(upper(free) - lower(free)), 0) from unnest(claimed * int8multirange(span) - coalesce(held, '{}')) free) as minutes
            from met
        ), others as (
            update {{schema}}.hours set minutes = hours.minutes - given.minutes
            from (select entry_id, month, sum(sign * minutes) as minutes from shares where yields group by entry_id, month) given
            where hours.entry_id = given.entry_id and hours.month = given.month and given.minutes <> 0
        ), gone as (
            delete from {{schema}}.hours using word where hours.entry_id = word.entry_id
                and not exists (select from parts where parts.entry_id = hours.entry_id and parts.month = hours.month)
        ), stands as (
            insert into {{schema}}.hours (
                entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans, minutes)
            select entry_id, month, previous_month, volunteer_id, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans,
                minutes - coalesce(kept, 0)
            from moved left join (
                select of_entry, of_month, sum(minutes) as kept from shares where sign = 1 and not yields group by of_entry, of_month
            ) others_keep on of_entry = entry_id and of_month = month
            where sign = 1
            on conflict (entry_id, month) do update set
                (previous_month, region, task_type, organisation_id, confirmed, grade, first_start, begins, spans, minutes)
                = (excluded.previous_month, excluded.region, excluded.task_type, excluded.organisation_id, excluded.confirmed, excluded.grade,
                    excluded.first_start, excluded.begins, excluded.spans, excluded.minutes)
            returning *
        )
        insert into {{schema}}.totals (month, previous_month, region, task_type, organisation_id, minutes, entries)
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

    private sealed record Word(Guid Entry, int Revision, FactStatus Status, Guid Volunteer, EntryFacts? Facts, EvidenceGrade? Grade)
    {
        public DateTimeOffset? FirstStart => Facts is null ? null : DateTimeOffset.UnixEpoch.AddMinutes(new Work(Entry, default, Facts.Shifts).FirstMinute);
    }
}
