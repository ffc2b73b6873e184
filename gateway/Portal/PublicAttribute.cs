namespace VolunteerBook.Portal;

/// <summary>
/// A page that everybody may read and search engines may list: it has an address in each language (<see cref="Here"/>), and the others are told of both.
/// A page without this has one address, in the language of whoever looks at it, and no search engine lists it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PublicAttribute : Attribute
{
    /// <summary>Whether it is of use to who comes from a search engine: what was looked for on our own pages is not.</summary>
    public bool Listed { get; init; } = true;
}
