using JasperFx.Events.Projections;
using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Volunteers;

namespace VolunteerBook.Reporting;

/// <summary>What Reporting stores: what it was told, as events under names that are for ever, and the figures made of them.</summary>
public static class ReportingStore
{
    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<HoursSubmitted>("hours_submitted");
        options.Events.MapEventType<HoursWithdrawn>("hours_withdrawn");
        options.Events.MapEventType<HoursDeclined>("hours_declined");
        options.Events.MapEventType<HoursConfirmed>("hours_confirmed");
        options.Events.MapEventType<HoursRevoked>("hours_revoked");
        options.Events.MapEventType<OrganisationNamed>("organisation_named");
        options.Events.MapEventType<VolunteerCounted>("volunteer_counted");

        // Live: a stream has a handful of events, and only the consumer that appends the next one asks for its state.
        options.Projections.LiveStreamAggregation<Fact>();
        options.Projections.LiveStreamAggregation<Volunteer>();
        // Inline, all of them: a figure changes in the transaction of the event that it speaks of, so that totals equal the log at any moment.
        options.Snapshot<Organisation>();
        options.Projections.Add(new Totals(), ProjectionLifecycle.Inline);
        options.Projections.Add(new RegisteredVolunteers(), ProjectionLifecycle.Inline);
    }
}
