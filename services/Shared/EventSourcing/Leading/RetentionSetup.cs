using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Registration.</summary>
public static class RetentionSetup
{
    /// <summary>Lets the leader remove what is over.</summary>
    /// <exception cref="InvalidOperationException">The setting is wrong; the message names it.</exception>
    public static WebApplicationBuilder AddRetention(this WebApplicationBuilder builder, KeptForDays kept)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(kept);
        var configured = kept with { Days = builder.Configuration.RetentionDays(kept.Setting, kept.Days, kept.LeastDays) };
        builder.Services.AddSingleton<IWhileLeading>(provider => ActivatorUtilities.CreateInstance<RemoveWhatIsOver>(provider, configured));
        return builder;
    }
}
