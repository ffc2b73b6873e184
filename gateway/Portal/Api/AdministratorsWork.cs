namespace VolunteerBook.Portal.Api;

/// <summary>What waits for an administrator, list by list.</summary>
public sealed class AdministratorsWork(Profiles profiles, Verification verification)
{
    /// <summary>
    /// Each list's name among the texts, its page and how much there is: of a list of more than one page, the length of the first with a plus; nothing where
    /// the list is empty or could not be read.
    /// </summary>
    public async Task<IReadOnlyList<(string Name, string Path, string? Many, bool Away)>> Lists()
    {
        var (pending, disputes) = (GatewayApi.OrNull(profiles.Pending(null)), GatewayApi.OrNull(verification.Disputes(null)));
        var (late, reported) = (GatewayApi.OrNull(verification.Escalated(null)), GatewayApi.OrNull(verification.ReportedReviews(null)));
        await Task.WhenAll(pending, disputes, late, reported);
        return
        [
            Of("admit", "/administration", await pending), Of("disputes", "/administration/disputes", await disputes),
            Of("late", "/administration/late", await late), Of("reported", "/administration/reviews", await reported),
        ];
    }

    static (string, string, string?, bool) Of<T>(string name, string path, Page<T>? page) =>
        (name, path, page is null or { Items.Count: 0 } ? null : Parts.Say.Number(page.Items.Count) + (page.Next is null ? "" : "+"), page is null);
}
