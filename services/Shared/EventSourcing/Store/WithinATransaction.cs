using Marten;
using Marten.Services;

namespace VolunteerBook.EventSourcing;

/// <summary>Listens to a session that saves within a transaction of somebody else's, who tells of what it appended when that is committed.</summary>
internal class WithinATransaction : DocumentSessionListenerBase
{
    public bool HasAppended { get; private set; }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        HasAppended = AppendLast.HasAppended(session);
        return Task.CompletedTask;
    }
}
