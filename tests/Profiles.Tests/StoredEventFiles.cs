using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Profiles.People.Names;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests;

public sealed class StoredEventFiles(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    [Fact]
    public void every_stored_event_still_loads() => host.Services.GetRequiredService<IDocumentStore>().ShouldAllLoadFromTheirFiles(typeof(Volunteer));

    [Fact]
    public void personal_data_has_one_name_in_every_event_that_has_it() =>
        host.Services.GetRequiredService<IDocumentStore>().Options.Events
            .AllKnownEventTypes().Select(known => known.EventType).Where(type => type.GetProperty("Personal") is not null)
            .ShouldBe([typeof(VolunteerRegistered), typeof(VolunteerProfileChanged), typeof(PersonNamed)], ignoreOrder: true);
}
