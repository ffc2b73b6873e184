using OpenTelemetry.Metrics;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Ledger.Checks;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>What issues documents, and what checks them.</summary>
public static class ExtractsSetup
{
    public static WebApplicationBuilder AddExtracts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IssuerKeys>().AddSingleton<IVerb, RotateIssuerKeys>();
        builder.Services.AddSingleton<CheckTurns>();
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(CheckCost.Meter));
        builder.Services.AddTransient<WriteDocument>();
        builder.Services.AddHttpClient<Names>(client => client.BaseAddress = new Uri("http://profiles"));
        return builder.AddMail();
    }

    /// <summary>Reads the configuration at once: outside development a service that cannot sign must not start.</summary>
    public static WebApplication UseExtracts(this WebApplication app)
    {
        app.Services.GetRequiredService<IssuerKeys>().Require();
        return app;
    }
}
