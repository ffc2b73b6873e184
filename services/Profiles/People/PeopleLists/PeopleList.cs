using System.Globalization;
using Marten;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PeopleLists;

/// <summary>Somebody as an organisation's sheet names them: by name, by address, or by both.</summary>
/// <param name="Name">Name, in whatever order and shortened or not; at most 300 characters.</param>
/// <param name="Email">E-mail address of at most 254 characters.</param>
public sealed record ListedPerson(string? Name = null, string? Email = null);

/// <summary>
/// The people of an organisation's attendance sheet whom it names otherwise than by their code: kept so that its coordinators can say
/// who they are, for <see cref="KeptFor"/> and no longer. They need not be volunteers, so what is said of them is sealed under a key of
/// the list's own, which is destroyed with it.
/// </summary>
/// <param name="Id">The organisation and its name for the list in one.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="KeyId">Under which the list's key lies.</param>
/// <param name="People">The <see cref="ListedPerson"/>s in the order of their numbers, from 1, sealed.</param>
/// <param name="At">When, UTC.</param>
public sealed record PeopleList(Guid Id, Guid OrganisationId, Guid KeyId, string People, DateTimeOffset At)
{
    /// <summary>Name of what is sealed. It stands in stored ciphertext, so it never changes.</summary>
    public const string FieldSet = "people-of-a-document";

    /// <summary>How long a list is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>One organisation cannot take another's place: the id holds both.</summary>
    public static Guid IdOf(Guid organisation, Guid list) => Uuid.V5(organisation, string.Create(CultureInfo.InvariantCulture, $"people-list/{list:D}"));

    /// <summary>Whether the caller works on the organisation's queue now, as a coordinator or in the place of one.</summary>
    internal static async Task<bool> IsForAsync(
        IQuerySession session, IRegistry registry, Guid organisation, Caller caller, DateTimeOffset now, CancellationToken ct) =>
        (await registry.OrganisationsOfAsync(session, caller.Id, now, ct)).Contains(organisation);
}
