using System.Globalization;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Evidence.Statements;

/// <summary>A shift as statements and documents write it: <c>start</c> to the second, <c>zone</c>, <c>minutes</c>, and <c>later</c> where it is.</summary>
public static class ShiftJson
{
    private const string Local = "yyyy-MM-ddTHH:mm:ss";

    /// <summary>Adds the shift's members to those that are there.</summary>
    public static JsonObject Add(this JsonObject json, Shift shift)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(shift);
        json["start"] = shift.Start.ToString(Local, CultureInfo.InvariantCulture);
        json["zone"] = shift.Zone;
        json["minutes"] = shift.Minutes;
        if (shift.Later)
        {
            json["later"] = true;
        }

        return json;
    }

    /// <summary>The shifts in their order.</summary>
    public static JsonArray Of(IEnumerable<Shift> shifts) => new([.. shifts.Select(shift => new JsonObject().Add(shift))]);

    /// <summary>Reads the members of a shift; throws as <see cref="JsonNode"/> and parsing do where they are others.</summary>
    public static Shift Read(JsonNode json) => new(
        DateTime.ParseExact(json["start"]!.GetValue<string>(), Local, CultureInfo.InvariantCulture),
        json["zone"]!.GetValue<string>(), json["minutes"]!.GetValue<int>(),
        json["later"] is { } later && later.GetValue<bool>());
}
