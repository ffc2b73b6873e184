using Microsoft.Extensions.Caching.Memory;

namespace VolunteerBook.Portal.Api;

/// <summary>Names for ids. When Profiles is away the pages show without names, so that a book stays readable.</summary>
public sealed class Names(Profiles profiles, IMemoryCache cache)
{
    /// <summary>Names of organisations by id; those that could not be read are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> Organisations(IEnumerable<Guid> ids)
    {
        var found = await Task.WhenAll(ids.Distinct().Select(async id => (Id: id, Name: await Organisation(id))));
        return found.Where(pair => pair.Name is not null).ToDictionary(pair => pair.Id, pair => pair.Name!);
    }

    /// <summary>An organisation's name, kept for five minutes: names of approved organisations are public and rarely change.</summary>
    public async Task<string?> Organisation(Guid id)
    {
        if (cache.TryGetValue<string>(Key(id), out var name)) return name;
        var organisation = await profiles.OrganisationOrNull(id);
        if (organisation is { Status: "approved" }) cache.Set(Key(id), organisation.Name, TimeSpan.FromMinutes(5));
        return organisation?.Name;
    }

    /// <summary>Names of volunteers, as far as the caller may know them. Never kept.</summary>
    public Task<IReadOnlyDictionary<Guid, string>> Volunteers(IEnumerable<Guid> ids) => profiles.VolunteerNames(ids);

    static string Key(Guid id) => $"organisation:{id}";
}
