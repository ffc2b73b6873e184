using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Extracts.Deliveries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger;

/// <summary>What the ledger stores: events under names that are for ever, and the projections with their lifecycles.</summary>
public static class LedgerStore
{
    /// <summary>
    /// What analysts are told of the ledger's events under a name: not documents, papers and descriptions, nor signatures, which carry the whole statement.
    /// </summary>
    public static readonly string[] Told =
    [
        .. EventSourcing.Told.Facts, "standing", "source", "key", "kid", "x", "y", "lines", "path", "grade", "grades", "holds", "scope", "language", "sha256",
        "number", "agency", "clientId", "kind", "purpose", "purposes", "code", "gives", "russian", "english", "means", "form", "message", "messages",
    ];

    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<EntryLogged>("entry_logged");
        options.Events.MapEventType<EntryCorrected>("entry_corrected");
        options.Events.MapEventType<EntrySubmitted>("entry_submitted");
        options.Events.MapEventType<EntryWithdrawn>("entry_withdrawn");
        options.Events.MapEventType<EntryConfirmed>("entry_confirmed");
        options.Events.MapEventType<EntryMatched>("entry_matched");
        options.Events.MapEventType<EntryRejected>("entry_rejected");
        options.Events.MapEventType<EntryReturned>("entry_returned");
        options.Events.MapEventType<EntryAmended>("entry_amended");
        options.Events.MapEventType<EntryDescribed>("entry_described");
        options.Events.MapEventType<AmendmentWithdrawn>("amendment_withdrawn");
        options.Events.MapEventType<AmendmentDeclined>("amendment_declined");
        options.Events.MapEventType<EntryRevoked>("entry_revoked");

        options.AddTransparencyLog();

        options.Events.MapEventType<ExtractIssued>("extract_issued");
        options.Events.MapEventType<CertificateIssued>("certificate_issued");
        options.Events.MapEventType<CertificateRevoked>("certificate_revoked");
        options.AddAgencyExchange();

        // Inline: a volunteer who has just written reads it back in the book. Commands decide on the entry itself, which a few events make.
        options.View<EntryView, Entry>("entry", EntryView.After);
        // The one question that is asked of all entries: whose, in which order, and what they come to. BookLines answers it from these columns.
        options.Columns<EntryView>(
            notNull: true,
            entry => entry.VolunteerId,
            entry => entry.FirstStart,
            entry => entry.LastEnd,
            entry => entry.OrganisationId,
            entry => entry.TaskType,
            entry => entry.Year,
            entry => entry.Status,
            entry => entry.Grade,
            entry => entry.Minutes,
            entry => entry.Points);
        options.Schema.For<EntryView>()
            .Index(entry => new { entry.VolunteerId, entry.FirstStart });
        // Inline: a document must be found by its number as soon as somebody holds it, and not a moment longer be said to stand than it does.
        options.Snapshot<Extract>();
        options.Schema.For<Extract>()
            .Index(extract => extract.Number, index => index.IsUnique = true).Index(extract => new { extract.VolunteerId, extract.IssuedAt });
        options.Snapshot<Certificate>();
        options.Columns<Certificate>(notNull: true, certificate => certificate.StatusIndex);
        options.Columns<Certificate>(notNull: false, certificate => certificate.RevokedAt);
        options.Schema.For<Certificate>()
            .Index(certificate => certificate.StatusIndex, index => (index.Name, index.Predicate) = ("mt_doc_certificate_idx_ended", "revoked_at is not null"))
            .Index(certificate => certificate.Number, index => index.IsUnique = true);
        options.AddExtracts();
        options.AddExtractDeliveries();
        IssuerKeys.AddTo(options);
    }
}
