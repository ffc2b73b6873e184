using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.Identity.Tests;

/// <summary>A clock that a test moves on.</summary>
public sealed class MovedClock : TimeProvider
{
    /// <summary>By how much.</summary>
    public TimeSpan Moved { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;

    public void Put(IServiceCollection services) => services.AddSingleton<TimeProvider>(this);
}
