using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Profiles.People.Volunteers;

namespace VolunteerBook.Profiles.People.Names;

/// <summary>Somebody who acts for an organisation and keeps no book said what they are called.</summary>
/// <param name="PersonId">The person: the subject of their tokens.</param>
/// <param name="Personal"><see cref="PersonName"/>, sealed under the person's key.</param>
/// <param name="At">When, UTC.</param>
public sealed record PersonNamed(Guid PersonId, string Personal, DateTimeOffset At);

/// <summary>A person with a name and without a book; where there is a book, its name is the person's.</summary>
public sealed record NamedPerson(Guid Id, Guid PersonId, string Personal)
{
    /// <summary>Name of this set of fields where it is sealed. It stands in stored ciphertext, so it never changes.</summary>
    public const string FieldSet = "person-name";

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Beside the stream of the person's book, which has the person's own id.</summary>
    public static Guid IdOf(Guid personId) => Uuid.V5(personId, "name");

    public static NamedPerson Create(PersonNamed named) => new(IdOf(named.PersonId), named.PersonId, named.Personal);

    public NamedPerson Apply(PersonNamed named) => this with { Personal = named.Personal };
}
