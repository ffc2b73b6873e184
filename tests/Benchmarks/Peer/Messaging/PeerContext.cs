using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Peer.Messaging;

/// <summary>What each service's database has beside its own tables: outbox, inbox, audit.</summary>
public abstract class PeerContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<InboxMessage> Inbox => Set<InboxMessage>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    /// <summary>Tells others, if and when this is saved.</summary>
    public void Publish<T>(T message) where T : class => Outbox.Add(new OutboxMessage
    {
        MessageId = Guid.CreateVersion7(),
        Type = typeof(T).FullName!,
        Body = JsonSerializer.Serialize(message),
        At = DateTimeOffset.UtcNow,
    });

    /// <summary>Notes who did what.</summary>
    public void Note(Guid subject, string what, Guid by, DateTimeOffset now) => Audit.Add(new AuditRow { SubjectId = subject, What = what, By = by, At = now });

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<InboxMessage>().HasKey(message => message.MessageId);
        modelBuilder.Entity<AuditRow>().HasIndex(row => row.SubjectId);
    }
}
