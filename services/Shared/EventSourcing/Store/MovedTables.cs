using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.EventSourcing;

/// <summary>Registration.</summary>
public static class MovedTables
{
    /// <summary>Says which tables of stores of an earlier version lie in a schema of their own now.</summary>
    public static IServiceCollection AddMovedTables(this IServiceCollection services, string schema, params IEnumerable<string> tables)
    {
        foreach (var table in tables)
        {
            services.AddSingleton(new MovedTable(schema, table));
        }

        return services;
    }
}
