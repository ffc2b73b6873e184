using Marten;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// With every confirmation a certificate is issued, and with its end the certificate is revoked (F31, F33, N10): in the same transaction, so that none is
/// forgotten. None is issued, and no number given, where the entry's own words cannot be written: an earlier version or a recorded attendance may have brought
/// them in. The holder amends the entry then.
/// </summary>
internal static class IssueCertificates
{
    public static async Task FollowAsync(IDocumentSession session, Entry before, IEnumerable<object> events, CancellationToken ct)
    {
        foreach (var happened in events)
        {
            switch (happened)
            {
                case EntryConfirmed e:
                    if (before.Confirmation is { } standing)
                    {
                        await RevokeAsync(session, Certificate.IdOf(before.Id, standing.Revision), new CertificateRevoked(Superseded: true, e.At), ct);
                    }

                    var (project, place) = before.Amendment is { } amended && amended.Revision == e.Revision
                        ? (amended.Facts.Project, amended.Facts.Place)
                        : (before.Facts.Project, before.Facts.Place);
                    if (CharactersNotWritten.In(project, place) is not null)
                    {
                        break;
                    }

                    var id = Certificate.IdOf(before.Id, e.Revision);
                    session.Events.StartStream<Certificate>(
                        id,
                        new CertificateIssued(
                            e.VolunteerId, before.Id, e.Revision, DocumentNumber.New(e.At), await NextStatusIndexAsync(session, id, ct), e.At));
                    break;
                case EntryRevoked e:
                    await RevokeAsync(session, Certificate.IdOf(before.Id, e.Revision), new CertificateRevoked(Superseded: false, e.At), ct);
                    break;
            }
        }
    }

    /// <summary>A place in the status list for a credential.</summary>
    public static async Task<int> NextStatusIndexAsync(IQuerySession session, Guid credential, CancellationToken ct) =>
        (int)(await session.AdvancedSql.QueryAsync<long>("insert into credential_status (credential_id) values (?) returning index", ct, credential))[0];

    private static async Task RevokeAsync(IDocumentSession session, Guid certificate, CertificateRevoked revoked, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Certificate>(certificate, ct);
        if (stream.Aggregate is { RevokedAt: null })
        {
            stream.AppendOne(revoked);
        }
    }
}
