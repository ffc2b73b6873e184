using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Puts a service's readers to work.</summary>
internal static class ReadersSetup
{
    /// <summary>Adds the readers that the service declares.</summary>
    /// <returns>The other services whose feeds they read.</returns>
    public static IReadOnlyList<string> AddReaders(this WebApplicationBuilder builder, EventSource source, Action<InboxBuilder>? subscribe)
    {
        var inbox = new InboxBuilder(source.Name);
        subscribe?.Invoke(inbox);
        builder.Services.AddSingleton<IReadOnlyList<Reader>>(inbox.Readers);
        builder.Services.AddSingleton(provider => new ReadModels(provider.GetRequiredService<NpgsqlDataSource>(), inbox.Readers));
        builder.Services.AddSingleton<OwnLog>();
        builder.Services.AddSingleton<Readers>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Readers>());
        if (inbox.Readers.Exists(reader => reader.Model is not null))
        {
            builder.Services.AddHealthChecks().AddCheck<ReadModelsHealth>("read-models");
        }

        builder.Services.AddSingleton<ServiceToken>();
        builder.Services.AddTransient<ServiceTokenOnRequests>();
        List<string> publishers = [.. inbox.Readers.SelectMany(reader => reader.Publishers).Distinct().Where(publisher => publisher != source.Name)];
        foreach (var publisher in publishers)
        {
            builder.Services.AddHttpClient(Readers.ClientOf(publisher), client => client.BaseAddress = new Uri($"http://{publisher}"))
                .AddHttpMessageHandler<ServiceTokenOnRequests>();
        }

        return publishers;
    }
}
