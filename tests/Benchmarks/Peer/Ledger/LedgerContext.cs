using Microsoft.EntityFrameworkCore;
using VolunteerBook.Peer.Messaging;

namespace VolunteerBook.Peer.Ledger;

/// <summary>Books.</summary>
public sealed class LedgerContext(DbContextOptions<LedgerContext> options) : PeerContext(options)
{
    public DbSet<Entry> Entries => Set<Entry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        var entry = modelBuilder.Entity<Entry>();
        entry.Property(each => each.Id).ValueGeneratedNever();
        entry.Property(each => each.Version).IsRowVersion();
        entry.HasMany(each => each.Shifts).WithOne().HasForeignKey(shift => shift.EntryId);
        // The book, newest first.
        entry.HasIndex(each => new { each.VolunteerId, each.LoggedAt });
        modelBuilder.Entity<ShiftRow>().Property(shift => shift.Start).HasColumnType("timestamp without time zone");
    }
}
