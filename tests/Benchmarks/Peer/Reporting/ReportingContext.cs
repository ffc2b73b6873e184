using Microsoft.EntityFrameworkCore;
using VolunteerBook.Peer.Messaging;

namespace VolunteerBook.Peer.Reporting;

/// <summary>Confirmed hours and their sums.</summary>
public sealed class ReportingContext(DbContextOptions<ReportingContext> options) : PeerContext(options)
{
    public DbSet<Hours> Hours => Set<Hours>();

    public DbSet<Total> Totals => Set<Total>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Hours>().HasKey(hours => hours.EntryId);
        // How many volunteers, of all and of one organisation.
        modelBuilder.Entity<Hours>().HasIndex(hours => new { hours.OrganisationId, hours.VolunteerId });
        modelBuilder.Entity<Total>().HasKey(total => new { total.OrganisationId, total.Region, total.TaskType, total.Month });
    }
}

/// <summary>The hours of an entry.</summary>
public sealed class Hours
{
    public Guid EntryId { get; init; }

    public Guid VolunteerId { get; init; }

    public Guid OrganisationId { get; init; }

    public int Minutes { get; init; }
}

/// <summary>A sum.</summary>
public sealed class Total
{
    public Guid OrganisationId { get; init; }

    public required string Region { get; init; }

    public required string TaskType { get; init; }

    public int Month { get; init; }

    public long Minutes { get; init; }

    public long Entries { get; init; }
}
