using JasperFx.Events.Projections;
using Marten;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>The exchange with agencies: whom volunteers allow what, reads under these grants, forms (F30, F40, F43).</summary>
public static class AgencyExchange
{
    /// <summary>What the exchange stores.</summary>
    public static void AddAgencyExchange(this StoreOptions options)
    {
        options.Events.MapEventType<AgencySet>("agency_set");
        options.Events.MapEventType<GrantGiven>("grant_given");
        options.Events.MapEventType<GrantWithdrawn>("grant_withdrawn");
        options.Events.MapEventType<DataGiven>("data_given");

        // Inline, both: whether data may be given is decided on them, and a withdrawal must count from its commit on.
        options.Projections.Snapshot<Agency>(SnapshotLifecycle.Inline);
        options.Projections.Snapshot<Grant>(SnapshotLifecycle.Inline);
        options.Schema.For<Agency>().Duplicate(agency => agency.RegisteredAt, notNull: true);
        options.Schema.For<Grant>()
            .Duplicate(grant => grant.VolunteerId, notNull: true)
            .Duplicate(grant => grant.GivenAt, notNull: true)
            .Index(grant => new { grant.VolunteerId, grant.GivenAt });

    }

    /// <summary>All that the exchange answers over HTTP.</summary>
    public static void Map(IEndpointRouteBuilder api)
    {
        GetAgenciesEndpoint.Map(api);
        SetAgencyEndpoint.Map(api);
        GiveGrantEndpoint.Map(api);
        GetGrantsEndpoint.Map(api);
        WithdrawGrantEndpoint.Map(api);
        GetGrantAccessesEndpoint.Map(api);
        ReadRecordEndpoint.Map(api);
        GetFormEndpoint.Map(api);
    }
}
