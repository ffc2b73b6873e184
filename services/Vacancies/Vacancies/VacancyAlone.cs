using JasperFx.Events;
using Marten;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>
/// A vacancy for one request at a time: whatever changes it or an application to it begins here, and the next one waits until this one's transaction has ended.
/// Versions alone would keep places right too, but would tell a coordinator that an application is stale when only its neighbour had changed.
/// </summary>
internal static class VacancyAlone
{
    public static async Task<IEventStream<Vacancy>> FetchVacancyAloneAsync(this IDocumentSession session, Guid id, HttpContext http, CancellationToken ct)
    {
        // A request with an Idempotency-Key rides on a transaction already. Marten's own FetchForExclusiveWriting would open one, and cannot inside another's while its
        // connections are traced.
        if (http.Request.Headers["Idempotency-Key"].ToString().Length == 0)
        {
            await session.BeginTransactionAsync(ct);
        }

        await session.AdvancedSql.QueryAsync<long>("select version from mt_streams where id = ? for update", ct, id);
        return await session.Events.FetchForWriting<Vacancy>(id, ct);
    }
}
