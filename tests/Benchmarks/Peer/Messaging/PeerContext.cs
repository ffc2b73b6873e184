using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Peer.Messaging;

/// <summary>What each service's database has beside its own tables: outbox, inbox, audit.</summary>
public abstract class PeerContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<OutboxState> OutboxStates => Set<OutboxState>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<InboxState> Inbox => Set<InboxState>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    /// <summary>Tells others, if and when this is saved.</summary>
    public void Publish<T>(T message) where T : class
    {
        var cause = Inbox.Local.SingleOrDefault()?.MessageId;
        var save = cause is null
            ? OutboxStates.Local.SingleOrDefault() ?? OutboxStates.Add(new OutboxState { OutboxId = NewId.NextGuid(), Created = DateTimeOffset.UtcNow }).Entity
            : null;
        Outbox.Add(new OutboxMessage
        {
            OutboxId = save?.OutboxId,
            InboxMessageId = cause,
            MessageId = NewId.NextGuid(),
            Type = typeof(T).FullName!,
            Body = JsonSerializer.Serialize(message),
            At = DateTimeOffset.UtcNow,
        });
    }

    /// <summary>Notes who did what.</summary>
    public void Note(Guid subject, string what, Guid by, DateTimeOffset now) => Audit.Add(new AuditRow { SubjectId = subject, What = what, By = by, At = now });

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var state = modelBuilder.Entity<OutboxState>();
        state.HasKey(each => each.OutboxId);
        state.Property(each => each.OutboxId).ValueGeneratedNever();
        state.HasIndex(each => each.Created);
        modelBuilder.Entity<OutboxMessage>().HasIndex(message => new { message.OutboxId, message.Id });
        modelBuilder.Entity<OutboxMessage>().HasIndex(message => new { message.InboxMessageId, message.Id });
        modelBuilder.Entity<InboxState>().HasAlternateKey(each => new { each.MessageId, each.Consumer });
        modelBuilder.Entity<AuditRow>().HasIndex(row => row.SubjectId);
    }
}
