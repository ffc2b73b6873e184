using OpenTelemetry.Metrics;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Ledger.Checks;
using VolunteerBook.Ledger.Extracts.Deliveries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Mail;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>What issues documents, and what checks them.</summary>
public static class ExtractsSetup
{
    public static WebApplicationBuilder AddExtracts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssuerKeys>();
        builder.Services.AddSingleton<CheckTurns>();
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(CheckCost.Meter));
        builder.Services.AddTransient<WriteDocument>();
        builder.Services.AddHttpClient<Names>(client => client.BaseAddress = new Uri("http://profiles"));
        return builder.AddMail();
    }

    public static void Map(IEndpointRouteBuilder api, WebApplication app)
    {
        // Reads the configuration at once: outside development a service that cannot sign must not start.
        app.Services.GetRequiredService<IssuerKeys>().Require();
        OrderExtractEndpoint.Map(api);
        GetExtractsEndpoint.Map(api);
        ExtractDeliveries.Map(api);
        GetResumeEndpoint.Map(api);
        GetCertificateEndpoint.Map(api);
        GetStatusListEndpoint.Map(api);
        CheckDocumentEndpoint.Map(api);
        GetIssuerEndpoint.Map(api, app);
    }
}
