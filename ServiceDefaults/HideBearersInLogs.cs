using OpenTelemetry;
using OpenTelemetry.Logs;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Before log records are exported. Scopes are not exported at all: one of them is the request's path.</summary>
internal sealed class HideBearersInLogs : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.FormattedMessage is { } message) data.FormattedMessage = Bearers.Hide(message);
        data.Attributes = data.Attributes?.Select(each => each.Value is null or bool or int or long or double
            ? each
            : new(each.Key, Bearers.Hide($"{each.Value}"))).ToList();
    }
}
