using System.Text.Json;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>What a reader does with a type of events.</summary>
/// <param name="Handle">Handles one; null where a read model is filled.</param>
/// <param name="Fill">Fills a read model with one; null where anything else is done.</param>
/// <param name="Key">What one is about; null where each holds up all.</param>
internal sealed record Handling(UntypedHandle? Handle, Action<JsonElement, Received, Filling>? Fill, Func<JsonElement, string>? Key)
{
    public static T Of<T>(JsonElement data) => data.Deserialize<T>(Json.Options) ?? throw new JsonException($"{typeof(T).Name} is null");

    public static Func<JsonElement, string>? KeyBy<T>(Func<T, Guid>? key) => key is null ? null : data => key(Of<T>(data)).ToString();
}
