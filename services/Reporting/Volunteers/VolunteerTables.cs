using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Volunteers;

/// <summary>Who is registered as a volunteer, who may not have worked yet, and how many these are in each region, added up as they come.</summary>
internal static class VolunteerTables
{
    public static string Make(string schema) =>
        $"""
        create table {schema}.volunteers (id uuid primary key, region text not null);
        create table {schema}.registered_volunteers (region text primary key, volunteers bigint not null);
        """;

    /// <summary>A new volunteer is counted in their region, once.</summary>
    public static void WhenRegistered(VolunteerRegisteredV1 message, Received received, Filling into) => into.Run(
        $"""
        with new as (insert into {into.Schema}.volunteers (id, region) values ($1, $2) on conflict do nothing returning region)
        insert into {into.Schema}.registered_volunteers as known (region, volunteers) select region, 1 from new
        on conflict (region) do update set volunteers = known.volunteers + 1
        """,
        message.VolunteerId, message.Region);
}
