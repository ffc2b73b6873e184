using System.Text.Json.Nodes;

namespace VolunteerBook.Evidence.Checks;

/// <summary>
/// The shapes that the W3C Verifiable Credentials Data Model 2.0 allows: one of a thing stands alone or in an array, a text alone or with its language.
/// </summary>
internal static class CredentialShape
{
    private const string Schema = "credentialSchema";

    private static readonly string[] Typed = ["credentialStatus", Schema, "evidence", "termsOfUse", "refreshService", "proof"];

    private static readonly string[] Words = ["name", "description"];

    private static readonly string[] OfALanguage = ["@value", "@language", "@direction"];

    /// <summary>What is not as the model has it, in a sentence; null where everything is.</summary>
    public static string? FaultOf(JsonObject credential) =>
        All(credential["@context"]) is not [{ } context, ..] contexts || !IsText(context) || Text(context) != Credentials.VerifiableCredential.Context
        ? "The first context is not that of the data model 2.0."
        : !contexts.All(one => one is JsonObject || IsUrl(one)) ? "One of its contexts is neither a URL nor an object."
        : !All(credential["type"]).Any(type => Text(type) == "VerifiableCredential") || !All(credential["type"]).All(IsText)
            ? "Its type is not VerifiableCredential."
        : credential.ContainsKey("id") && !IsUrl(credential["id"]) ? "Its id is not a URL."
        : !IsUrl(credential["issuer"] is JsonObject profile ? profile["id"] : credential["issuer"]) ? "Its issuer is neither a URL nor an object with one."
        : All(credential["credentialSubject"]) is not [_, ..] subjects
            || !subjects.All(subject => subject is JsonObject { Count: > 0 } one && (!one.ContainsKey("id") || IsUrl(one["id"])))
            ? "It says nothing about any subject."
        : Times(credential) is { } time ? time
        : Typed.FirstOrDefault(member => credential.ContainsKey(member) && !All(credential[member]).All(IsTyped)) is { } untyped
            ? $"{untyped} holds something without a type."
        : Typed.FirstOrDefault(member => All(credential[member]).OfType<JsonObject>()
            .Any(one => one.ContainsKey("id") ? !IsUrl(one["id"]) : member == Schema)) is { } unnamed ? $"{unnamed} holds something whose id is not a URL."
        : Words.FirstOrDefault(member => !IsInLanguages(credential[member])) is { } odd ? $"Its {odd} is neither a text nor a text with its language."
        : credential["issuer"] is JsonObject issuer && Words.FirstOrDefault(member => !IsInLanguages(issuer[member])) is { } word
            ? $"Its issuer's {word} is neither a text nor a text with its language."
        : null;

    /// <summary>What a member holds: the items of an array, the one value, or nothing.</summary>
    public static IReadOnlyList<JsonNode?> All(JsonNode? member) => member switch { null => [], JsonArray items => [.. items], var one => [one] };

    /// <summary>A text, in one language or in the first of several (VCDM 2.0, 11.1); something else as JSON; nothing as nothing.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonObject language when language["@value"] is { } text => Text(text),
        JsonArray { Count: > 0 } several when several[0] is not JsonArray => Text(several[0]),
        _ => node.ToJsonString(),
    };

    private static string? Times(JsonObject credential)
    {
        foreach (var member in new[] { "validFrom", "validUntil" })
        {
            if (credential.ContainsKey(member) && Credentials.VerifiableCredential.Moment(credential[member]) is null)
            {
                return $"{member} is not a moment with its offset from UTC.";
            }
        }

        return Credentials.VerifiableCredential.Moment(credential["validUntil"]) < Credentials.VerifiableCredential.Moment(credential["validFrom"])
            ? "It ends before it begins."
            : null;
    }

    private static bool IsTyped(JsonNode? node) => node is JsonObject one && All(one["type"]) is [_, ..] types && types.All(IsText);

    // VCDM 2.0, 11.1: a text, a text with its language and direction and nothing else, or several of these.
    private static bool IsInLanguages(JsonNode? node) =>
        node is null || IsText(node) || All(node).All(one => one is JsonObject language && IsText(language["@value"])
            && language.All(member => OfALanguage.Contains(member.Key) && IsText(member.Value)));

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out _);

    private static bool IsUrl(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text)
        && Uri.TryCreate(text, UriKind.Absolute, out var url) && text.StartsWith(url.Scheme + ":", StringComparison.OrdinalIgnoreCase);
}
