using JasperFx.Events.Projections;
using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.Sheets;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Verification.Matching;

/// <summary>Cases against the organisations' own attendance sheets (F11).</summary>
public static class MatchingSetup
{
    /// <summary>What matches: on the instance that leads, in the order of the log.</summary>
    public static WebApplicationBuilder AddMatching(this WebApplicationBuilder builder)
    {
        builder.Services.AddLogReader<MatchCases>();
        return builder;
    }

    /// <summary>What matching stores beside events.</summary>
    public static void AddMatching(this StoreOptions options)
    {
        // Inline: a row must not be offered to a volunteer whose case for it is there.
        options.Projections.Add(new CaseShifts(), ProjectionLifecycle.Inline);
        // Inline: what was declined must not be offered again.
        options.Snapshot<Proposal>();
        options.Columns<Proposal>(notNull: false, proposal => proposal.SheetId, proposal => proposal.Line);
        options.Schema.For<Proposal>().Index(proposal => new { proposal.SheetId, proposal.Line });
        options.Columns<Sheet>(notNull: true, sheet => sheet.RowsId, sheet => sheet.Status);
        options.Schema.For<Sheet>().Index(sheet => sheet.RowsId)
            .Index(sheet => sheet.SupersededBy, index => (index.Name, index.Predicate) = ("mt_doc_sheet_idx_superseded", "status = 'Superseded'"));
        // Inline: a sheet is proposed once.
        options.Snapshot<SheetProposal>();
        options.Storage.ExtendedSchemaObjects.Add(CaseMatches());
    }

    /// <summary>
    /// How well each case is evidenced by sheets, as it was when last looked at: for the queue's filter. A case that no sheet knows has no row.
    /// </summary>
    private static Table CaseMatches()
    {
        var table = new Table("public.case_matches");
        table.AddColumn("case_id", "uuid").AsPrimaryKey();
        table.AddColumn("kind", "text").NotNull();
        return table;
    }
}
