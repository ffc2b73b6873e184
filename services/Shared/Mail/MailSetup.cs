using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.EventSourcing;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Mail;

/// <summary>Registration.</summary>
public static class MailSetup
{
    /// <summary>Lets the service send mail. Without <c>Mail:Host</c> it asks for nothing and refuses each mail.</summary>
    public static WebApplicationBuilder AddMail(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = MailSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(provider => new OutgoingMail(settings, provider.GetRequiredService<TimeProvider>()));
        builder.Services.ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.AddRange([Mails(), Counts(), CountMail.Function]));
        builder.AddRetention(OldMail);
        builder.Services.AddSingleton<IWhileLeading>(provider => settings is null
            ? ActivatorUtilities.CreateInstance<GiveUpMail>(provider)
            : ActivatorUtilities.CreateInstance<SendMail>(provider, settings));
        return builder;
    }

    /// <summary>
    /// A mail that was sent or given up, which is of interest for as long as somebody may ask whether it was; it is tried for
    /// three days. Its content is gone already.
    /// </summary>
    private static KeptForDays OldMail { get; } = new(
        "MailDays", 365, LeastDays: 7, "outgoing_mail", "kept.at < $1 and kept.last_at < $1 and kept.status in ('sent', 'failed')");

    /// <summary>Mail to be sent. What was sent or given up keeps its row for a while, without a word that says to whom or what.</summary>
    private static Table Mails()
    {
        var table = new Table("public.outgoing_mail");
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("recipient", "text");
        table.AddColumn("subject", "text");
        table.AddColumn("body", "text");
        table.AddColumn("file", "bytea");
        table.AddColumn("file_name", "text");
        table.AddColumn("file_type", "text");
        table.AddColumn("status", "text").NotNull();
        table.AddColumn("attempts", "integer").NotNull();
        // Not before; null where it is not tried again.
        table.AddColumn("next_at", "timestamptz");
        // An instance is sending it until then, by the database's clock.
        table.AddColumn("claimed_until", "timestamptz");
        table.AddColumn("last_at", "timestamptz");
        table.AddColumn("last_code", "integer");
        table.AddColumn("last_error", "text");
        table.Indexes.Add(new IndexDefinition("outgoing_mail_next") { Columns = ["status", "next_at"] });
        // Rows come in the order of time: a block range index finds the old ones and costs an insert next to nothing.
        table.Indexes.Add(new IndexDefinition("outgoing_mail_at") { Columns = ["at"], Method = IndexMethod.brin });
        return table;
    }

    // How many mails a person has caused today.
    private static Table Counts()
    {
        var table = new Table("public.mail_counts");
        table.AddColumn("sender", "uuid").AsPrimaryKey();
        table.AddColumn("day", "date").AsPrimaryKey();
        table.AddColumn("number", "integer").NotNull();
        return table;
    }
}
