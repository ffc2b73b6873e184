using JasperFx.Events;
using Marten;
using Marten.Events.Projections;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>Writes down every key in the transaction that registers it; the second organisation with the same key fails on the primary key.</summary>
public sealed partial class KnownKeys : EventProjection
{
    public KnownKeys()
    {
        Name = "known-keys";
        // What is made anew begins with nothing.
        Options.DeleteViewTypeOnTeardown<KnownKey>();
    }

    public static void Project(IEvent<SigningKeyRegistered> registered, IDocumentOperations operations) =>
        operations.Insert(new KnownKey(registered.Data.Kid, registered.Data.OrganisationId));
}
