using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Organisations;

/// <summary>What the figures call organisations.</summary>
internal static class OrganisationTables
{
    /// <summary><c>version</c> is that of the organisation's own stream in Profiles: the higher one is the later.</summary>
    public static string Make(string schema) => $"create table {schema}.organisations (id uuid primary key, name text not null, version bigint not null)";

    /// <summary>The figures learn an organisation's name.</summary>
    public static void WhenApproved(OrganisationApprovedV1 message, Received received, Filling into) => into.Run(
        $"""
        insert into {into.Schema}.organisations as known (id, name, version) values ($1, $2, $3)
        on conflict (id) do update set name = excluded.name, version = excluded.version where excluded.version > known.version
        """,
        message.OrganisationId, message.Name, message.Version);
}
