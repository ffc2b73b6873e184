using Marten;
using VolunteerBook.EventSourcing;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary>Colleagues are invited by mail: what is kept of it.</summary>
internal static class Invitations
{
    /// <summary>
    /// The addresses of those whose links ended a while ago, whatever became of them; nobody is shown them any more. That somebody was
    /// invited stays in the invitation's events.
    /// </summary>
    public static KeptForDays OldAddresses { get; } = new("InvitationsDays", 30, LeastDays: 1, $"{RegistryPart.Schema}.coordinator_invitations",
        $"""
        exists (select 1 from {RegistryPart.Schema}.mt_doc_invitation invited
            where invited.id = kept.invitation_id and (invited.data ->> 'until')::timestamptz < $1)
        """);

    public static void AddInvitations(this StoreOptions options)
    {
        options.Events.MapEventType<ColleagueInvited>("colleague_invited");
        options.Events.MapEventType<InvitationAccepted>("invitation_accepted");
        options.Events.MapEventType<InvitationWithdrawn>("invitation_withdrawn");
        // Inline: a link serves once.
        options.Snapshot<Invitation>();
        options.Schema.For<Invitation>().DatabaseSchemaName(RegistryPart.Schema).Index(invitation => invitation.OrganisationId);
        options.Storage.ExtendedSchemaObjects.Add(Addresses());
    }

    /// <summary>Whoever accepted has a name; whoever was not wanted any more is none of ours.</summary>
    public static void ForgetAddress(this IDocumentSession session, Guid invitation) =>
        session.QueueSqlCommand("update registry.coordinator_invitations set email = null where invitation_id = ?", invitation);

    /// <summary>Whom the mails went to, which is in no event. The token is nowhere, its hash is here.</summary>
    private static Table Addresses()
    {
        var table = new Table($"{RegistryPart.Schema}.coordinator_invitations");
        table.AddColumn("invitation_id", "uuid").AsPrimaryKey();
        table.AddColumn("email", "text");
        // A row of outgoing_mail.
        table.AddColumn("mail_id", "uuid").NotNull();
        table.AddColumn("token_hash", "bytea").NotNull();
        table.Indexes.Add(new IndexDefinition("coordinator_invitations_token_hash") { Columns = ["token_hash"], IsUnique = true });
        return table;
    }
}
