using System.Text.Json;

namespace VolunteerBook.Testing;

/// <summary>What a service tells others, as they read it.</summary>
public static class PublishedEvents
{
    /// <summary>All messages of the integration feed, in the order of the log. Each says which came before it, so that none can be missing between.</summary>
    /// <param name="services">A client with a token of services of ours.</param>
    public static async Task<IReadOnlyList<JsonElement>> PublishedAsync(this HttpClient services)
    {
        var published = new List<JsonElement>();
        long upTo = 0, end;
        do
        {
            var page = await services.GetJsonAsync($"/integration-events?after={upTo}");
            var last = upTo;
            foreach (var message in page.GetProperty("messages").EnumerateArray())
            {
                if (message.GetProperty("previous").GetInt64() != last || message.GetProperty("sequence").GetInt64() <= last)
                {
                    throw new InvalidOperationException($"After position {last} comes {message}.");
                }

                last = message.GetProperty("sequence").GetInt64();
                published.Add(message.Clone());
            }

            (upTo, end) = (page.GetProperty("upTo").GetInt64(), page.GetProperty("end").GetInt64());
        }
        while (upTo < end);

        return published;
    }
}
