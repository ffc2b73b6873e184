using Marten;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Verification.Cases;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>Confirmation by somebody whom the organisation names and who needs no account (F10).</summary>
public static class CaseInquiries
{
    public static WebApplicationBuilder AddInquiries(this WebApplicationBuilder builder)
    {
        builder.Services.AddHttpClient<VolunteerNames>(client => client.BaseAddress = new Uri("http://profiles"));
        return builder.AddMail().AddRetention(Unanswered);
    }

    /// <summary>Who was asked and never answered. Who answered is kept: a case may rest on it. That somebody was asked stays in the inquiry's events.</summary>
    private static KeptForDays Unanswered { get; } = new("UnansweredInquiriesDays", 365, LeastDays: 30, "case_inquiries",
        """
        exists (select 1 from mt_doc_inquiry asked where asked.id = kept.inquiry_id and asked.data ->> 'answeredAt' is null
            and (asked.data ->> 'until')::timestamptz < $1)
        """);

    public static void AddInquiries(this StoreOptions options)
    {
        options.Events.MapEventType<InquiryMade>("inquiry_made");
        options.Events.MapEventType<InquiryAnswered>("inquiry_answered");
        // Inline: a link serves once.
        options.Snapshot<Inquiry>();
        options.Schema.For<Inquiry>().Index(inquiry => inquiry.CaseId);
        options.Storage.ExtendedSchemaObjects.Add(Persons());
    }

    /// <summary>What a link leads to; null where it was never given, or the names were removed.</summary>
    internal static async Task<(Inquiry Inquiry, Case Case, string Name, string? Volunteer)?> FindInquiryAsync(
        this IQuerySession session, NpgsqlDataSource database, string token, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select inquiry_id, name, volunteer from case_inquiries where token_hash = $1");
        command.Parameters.Add(new() { Value = LinkToken.Hash(token) });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && await session.LoadAsync<Inquiry>(row.GetGuid(0), ct) is { } inquiry
            && await session.LoadAsync<Case>(inquiry.CaseId, ct) is { } found
            ? (inquiry, found, row.GetString(1), await row.IsDBNullAsync(2, ct) ? null : row.GetString(2))
            : null;
    }

    /// <summary>Who is asked about whom: names and addresses, which are in no event and can be removed. The token is nowhere, its hash is here.</summary>
    private static Table Persons()
    {
        var table = new Table("public.case_inquiries");
        table.AddColumn("inquiry_id", "uuid").AsPrimaryKey();
        table.AddColumn("volunteer_id", "uuid").NotNull();
        // As the coordinator saw it; null where it was not theirs to see.
        table.AddColumn("volunteer", "text");
        table.AddColumn("name", "text").NotNull();
        table.AddColumn("email", "text").NotNull();
        // A row of outgoing_mail.
        table.AddColumn("mail_id", "uuid").NotNull();
        table.AddColumn("token_hash", "bytea").NotNull();
        table.Indexes.Add(new IndexDefinition("case_inquiries_token_hash") { Columns = ["token_hash"], IsUnique = true });
        return table;
    }
}
