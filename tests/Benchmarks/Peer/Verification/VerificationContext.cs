using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Peer.Messaging;

namespace VolunteerBook.Peer.Verification;

/// <summary>Cases, and who may decide them.</summary>
public sealed class VerificationContext(DbContextOptions<VerificationContext> options) : PeerContext(options)
{
    public DbSet<Case> Cases => Set<Case>();

    public DbSet<Organisation> Organisations => Set<Organisation>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        var each = modelBuilder.Entity<Case>();
        each.Property(one => one.Id).ValueGeneratedNever();
        each.Property(one => one.Version).IsConcurrencyToken();
        each.Property(one => one.Shifts).HasColumnType("jsonb").HasConversion(
            shifts => JsonSerializer.Serialize(shifts, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<List<Shift>>(json, JsonSerializerOptions.Default)!);
        // The coordinators' queue, oldest first.
        each.HasIndex(one => new { one.OrganisationId, one.Status, one.OpenedAt });
        modelBuilder.Entity<Coordinator>().ToTable("Coordinators").HasKey(coordinator => new { coordinator.OrganisationId, coordinator.PersonId });
        modelBuilder.Entity<SigningKey>().ToTable("Keys").HasKey(key => new { key.OrganisationId, key.Kid });
    }
}
