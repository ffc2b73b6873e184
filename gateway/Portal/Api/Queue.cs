using VolunteerBook.Portal.Forms;

namespace VolunteerBook.Portal.Api;

/// <summary>
/// An organisation's queue as its pages read it. What a case says lies in Verification and what people are called in Profiles, so a search asks both.
/// </summary>
public sealed class Queue(Verification verification, Profiles profiles)
{
    /// <summary>What the address of a list of cases may say.</summary>
    public static readonly IReadOnlyList<string> Filters = ["q", "status", "region", "taskType", "overdue", "match", "disputed"];

    /// <summary>The filter that an address says.</summary>
    public static Form Filter(IQueryCollection query)
    {
        var filter = new Form();
        foreach (var name in Filters) filter[name] = query[name].ToString();
        return filter;
    }

    /// <summary>A page of it, the oldest first.</summary>
    public async Task<OpenCases> Read(Guid organisation, Form filter, string? after, int limit = 20)
    {
        var called = await Called(organisation, filter);
        return await verification.Cases(organisation, filter, called, after, limit) with { TooManyPeople = called.Count >= Profiles.MostCalled };
    }

    /// <summary>All of it, up to so many.</summary>
    public async Task<IReadOnlyList<HoursCase>> ReadAll(Guid organisation, Form filter, int most)
    {
        const int PageSize = 200;
        var called = await Called(organisation, filter);
        List<HoursCase> all = [];
        string? after = null;
        do
        {
            var page = await verification.Cases(organisation, filter, called, after, PageSize);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null && all.Count < most);
        return [.. all.Take(most)];
    }

    async Task<IReadOnlyList<Guid>> Called(Guid organisation, Form filter) => filter.Text("q") is { } name ? await profiles.Called(organisation, name) : [];
}
