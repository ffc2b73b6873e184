namespace VolunteerBook.Mail;

/// <summary>Where a mail stands. In the table by these names in small letters.</summary>
public enum MailStatus
{
    /// <summary>To be sent, or sent again.</summary>
    Waiting,

    /// <summary>The server took it.</summary>
    Sent,

    /// <summary>The server will not have it, or has not had it in three days.</summary>
    Failed,
}
