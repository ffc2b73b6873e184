using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// The transparency log of the ledger: every event, confirmations and revocations among them, is a leaf of an RFC 6962 tree, served as
/// C2SP tlog-tiles with signed checkpoints.
/// </summary>
public static class TransparencyLog
{
    /// <summary>Reads the key at once: outside development a service without one must not start.</summary>
    public static WebApplicationBuilder AddTransparencyLog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(LogKey.From(builder.Configuration, builder.Environment.IsDevelopment()));
        builder.Services.AddSingleton<PublishedLog>();
        builder.Services.AddSingleton<IWhileLeading, GrowLog>();
        builder.Services.AddSingleton<IVerb, RotateLogKey>();
        builder.Services.AddHealthChecks().AddCheck<LogHealth>("transparency-log");
        return builder;
    }
}
