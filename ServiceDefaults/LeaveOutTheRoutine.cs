using System.Diagnostics;
using OpenTelemetry;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Leaves out what nobody asked for and what happens several times a second: the reading of the log, the gateway's probes, the receiving of a message whose
/// sender was not sampled. They would drown the traces that people look for; how far that is has its own metrics.
/// </summary>
internal sealed class LeaveOutTheRoutine : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.ParentSpanId == default && (data.Source.Name is "Marten" or "MassTransit" || data.OperationName == "proxy.cluster_health_checks"))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            data.IsAllDataRequested = false;
        }
    }
}
