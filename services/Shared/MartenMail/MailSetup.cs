using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
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
        builder.AddRetention(new KeptForDays("MailDays", MailTable.KeptDays, MailTable.LeastDays, MailTable.Name, MailTable.IsOver));
        builder.Services.AddSingleton(provider => new MailSender(
            settings, provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MailSender>>()));
        builder.Services.AddSingleton<IWhileLeading, SendMail>();
        return builder;
    }

    private static Table Mails()
    {
        var table = new Table($"public.{MailTable.Name}");
        foreach (var (name, type, needed) in MailTable.Columns)
        {
            var column = table.AddColumn(name, type);
            if (name == MailTable.Columns[0].Name)
            {
                column.AsPrimaryKey();
            }
            else if (needed)
            {
                column.NotNull();
            }
        }

        foreach (var (name, method, columns) in MailTable.Indexes)
        {
            table.Indexes.Add(new IndexDefinition(name) { Columns = columns, Method = Enum.Parse<IndexMethod>(method) });
        }

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
