using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Takes out of texts that leave the process what gives its bearer a right: the tokens of links (/shared, /inquiry), wherever they stand in an address, tokens of sign-in, and every value of a query.
/// Known by their shape and not by their place, so that a new kind of link is covered before anyone thinks of it: a run of at least 43 characters of base64url is 256 random bits, or a part of a JWT.
/// </summary>
public static partial class Bearers
{
    /// <summary>The text with <c>***</c> in their place.</summary>
    public static string Hide(string text) =>
        text.Length < 2 ? text : Token().Replace(text.Contains('=', StringComparison.Ordinal) ? QueryValue().Replace(text, "***") : text, "***");

    [GeneratedRegex("[A-Za-z0-9_-]{43,}")]
    private static partial Regex Token();

    [GeneratedRegex("""(?<=[?&][A-Za-z0-9_.\-\[\]]+=)[^&\s"'#]+""")]
    private static partial Regex QueryValue();
}

/// <summary>Before spans are exported.</summary>
internal sealed class HideBearersInSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        foreach (var (name, value) in data.TagObjects)
        {
            // Changing the value of a tag that is there leaves the list as it is.
            if (value is string text && Bearers.Hide(text) is var hidden && hidden != text) data.SetTag(name, hidden);
        }

        if (data.StatusDescription is { } description) data.SetStatus(data.Status, Bearers.Hide(description));
        data.DisplayName = Bearers.Hide(data.DisplayName);
    }
}

/// <summary>Before log records are exported. Scopes are not exported at all: one of them is the request's path.</summary>
internal sealed class HideBearersInLogs : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.FormattedMessage is { } message) data.FormattedMessage = Bearers.Hide(message);
        data.Attributes = data.Attributes?.Select(each => each.Value is null or bool or int or long or double ? each : new(each.Key, Bearers.Hide($"{each.Value}"))).ToList();
    }
}
