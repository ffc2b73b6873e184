namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// The system's clock, cut to whole microseconds, the finest that PostgreSQL keeps. A document, a column, a JSON text and a cursor made of one moment are then
/// equal; with .NET's tenths of a microsecond some of them would be cut and others rounded, and a row on a page's edge would come twice or never.
/// </summary>
public sealed class WholeMicroseconds : TimeProvider
{
    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
