using Polly;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>A document that supports an entry: where to look, not the document itself.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Number">Its number.</param>
/// <param name="Date">Its date.</param>
/// <param name="Uri">Where it lies, an absolute https address.</param>
public sealed record DocumentReference(string Title, string? Number = null, DateOnly? Date = null, string? Uri = null);

/// <summary>The volunteer's own words, and the documents that support them.</summary>
/// <param name="Description">What was done, at most 4000 characters; null where nothing was said.</param>
/// <param name="Documents">At most 20.</param>
/// <param name="Withheld">There are words or documents, given when the volunteer was told that nobody else sees them: they are left out.</param>
public sealed record OwnWords(string? Description, IReadOnlyList<DocumentReference> Documents, bool Withheld = false);

/// <summary>
/// What volunteers said when they asked. The ledger has it; it is read whenever somebody who may looks, by this service's own token, and kept nowhere here.
/// </summary>
public sealed class Submissions(HttpClient ledger)
{
    internal sealed record Submission(Guid EntryId, int Revision, OwnWords Asked, OwnWords? Standing);

    private static readonly Refusal Away =
        new("unavailable", StatusCodes.Status503ServiceUnavailable, "The volunteer's own words cannot be read just now; try again in a moment.");

    /// <summary>What was said with each of at most 100 cases. Where the ledger does not answer, the request is refused with 503.</summary>
    internal async Task<IReadOnlyDictionary<Guid, Submission>> OfAsync(IReadOnlyList<Case> cases, CancellationToken ct)
    {
        if (cases.Count == 0)
        {
            return new Dictionary<Guid, Submission>();
        }

        try
        {
            var asked = string.Join(',', cases.Select(found => $"{found.EntryId}.{found.Revision}"));
            var said = (await ledger.GetFromJsonAsync<List<Submission>>(new Uri($"/submissions?of={asked}", UriKind.Relative), Json.Options, ct))!
                .ToDictionary(one => (one.EntryId, one.Revision));
            return cases.Where(found => said.ContainsKey((found.EntryId, found.Revision)))
                .ToDictionary(found => found.Id, found => said[(found.EntryId, found.Revision)]);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or ExecutionRejectedException && !ct.IsCancellationRequested)
        {
            throw new RefusedException(Away);
        }
    }

    internal static void AddTo(WebApplicationBuilder builder) =>
        builder.Services.AddHttpClient<Submissions>(client =>
        {
            client.BaseAddress = new Uri("http://ledger");
            client.Timeout = TimeSpan.FromSeconds(5);
        }).AddHttpMessageHandler<ServiceTokenOnRequests>();
}
