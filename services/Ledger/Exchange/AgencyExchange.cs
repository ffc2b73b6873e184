using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Exchange.Webhooks;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>The exchange with agencies: whom volunteers allow what, reads under these grants, forms, webhooks (F30, F40, F43).</summary>
public static class AgencyExchange
{
    /// <summary>What sends and what it is woken by.</summary>
    public static WebApplicationBuilder AddAgencyExchange(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(MasterKey.Require(builder.Configuration, "Ledger", builder.Environment))
            .AddSingleton<IVerb, KeysVerb>()
            .AddSingleton<IUnderTheMasterKey, WebhookSecretsUnderTheMasterKey>().AddSingleton<IUnderTheMasterKey, Issuer.IssuerKeysUnderTheMasterKey>();
        builder.Services.AddSingleton<MessageSignal>();
        builder.Services.AddSingleton<Post>();
        builder.Services.AddHostedService<SendMessages>();
        builder.Services.AddLogReader<EnqueueMessages>();
        return builder.AddRetention(WebhookTables.OldDeliveries);
    }

    /// <summary>What the exchange stores.</summary>
    public static void AddAgencyExchange(this StoreOptions options)
    {
        options.Events.MapEventType<AgencySet>("agency_set");
        options.Events.MapEventType<GrantGiven>("grant_given");
        options.Events.MapEventType<GrantWithdrawn>("grant_withdrawn");
        options.Events.MapEventType<DataGiven>("data_given");
        options.Events.MapEventType<WebhookSet>("webhook_set");
        options.Events.MapEventType<WebhookSecretMade>("webhook_secret_made");
        options.Events.MapEventType<WebhookDisabled>("webhook_disabled");

        // Inline, all three: whether data may be given is decided on them, and a withdrawal must count from its commit on.
        options.Snapshot<Agency>();
        options.Snapshot<Grant>();
        options.Snapshot<Webhook>();
        options.Columns<Agency>(notNull: true, agency => agency.RegisteredAt);
        options.Columns<Grant>(notNull: true, grant => grant.VolunteerId, grant => grant.GivenAt);
        options.Schema.For<Grant>()
            .Index(grant => new { grant.VolunteerId, grant.GivenAt });

        options.AddWebhookTables();
    }
}
