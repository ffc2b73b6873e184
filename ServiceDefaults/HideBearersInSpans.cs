using System.Diagnostics;
using OpenTelemetry;

namespace VolunteerBook.ServiceDefaults;

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
