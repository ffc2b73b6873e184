using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.EventSourcing;

/// <summary>Adds readers of the service's own log.</summary>
public static class LogReaders
{
    public static IServiceCollection AddLogReader<T>(this IServiceCollection services) where T : class, IReadLog
    {
        services.AddSingleton<T>();
        return services.AddSingleton<IWhileLeading>(provider => ActivatorUtilities.CreateInstance<ReadLog>(provider, provider.GetRequiredService<T>()));
    }
}
