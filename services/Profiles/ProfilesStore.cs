using Marten;
using VolunteerBook.Profiles.People;
using VolunteerBook.Profiles.Registry;

namespace VolunteerBook.Profiles;

/// <summary>Profiles as an event store: two parts with tables of their own over one log (docs/decisions/0028).</summary>
public static class ProfilesStore
{
    public static void Configure(StoreOptions options)
    {
        // What administrators did is a few events among those of all people (ListDecisions).
        options.Events.EnableEventTypeIndex = true;
        options.AddRegistry();
        options.AddPeople();
    }
}
