using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Profiles.Volunteers;
using Xunit;

namespace VolunteerBook.Profiles.Tests;

/// <summary>
/// Every event ever stored has a JSON under Fixtures/{stored name}.json. The log is for ever, so each must still load under its name and mean the same.
/// An old fixture is never edited; an event that gains a member gets a second fixture beside the first.
/// </summary>
public sealed class StoredEventFixtures(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private const string Sealed = "1.AAECAwQFBgcICQoLEBESExQVFhcYGRobHB0eH6CjpKWm";
    private const string Kid = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s";
    private static readonly Guid Person = Given.Registrant;
    private static readonly Guid Id = Given.OrganisationId;
    private static readonly DateTimeOffset At = Given.Now;

    private static readonly Dictionary<string, object> Meant = new()
    {
        ["volunteer_registered"] = new VolunteerRegistered(Person, "RU-MOW", Sealed, At),
        ["volunteer_profile_changed"] = new VolunteerProfileChanged(Person, "RU-SPE", new List<string> { "name", "region" }, Sealed, At),
        ["organisation_registered"] = new OrganisationRegistered(Id, "Фонд «Рука помощи»", "1027700132195", "RU-MOW", Person, At),
        ["organisation_registered_again"] = new OrganisationRegisteredAgain(Id, "Фонд «Рука помощи»", "RU-SPE", Person, At),
        ["organisation_approved"] = new OrganisationApproved(Id, "Фонд «Рука помощи»", "RU-MOW", At),
        ["organisation_refused"] = new OrganisationRefused(Id, "Под этим ОГРН значится другая организация.", At),
        ["coordinator_appointed"] = new CoordinatorAppointed(Id, Person, At, At.AddYears(1), At),
        ["coordinator_removed"] = new CoordinatorRemoved(Id, Person, At),
        ["signing_key_registered"] = new SigningKeyRegistered(
            Id, Kid, "Ноутбук в приёмной", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", At, At.AddYears(1), At),
        ["signing_key_revoked"] = new SigningKeyRevoked(Id, Kid, "Ноутбук потерян.", At),
    };

    public static TheoryData<string> Names => [.. Meant.Keys];

    private IReadOnlyStoreOptions Store => host.Services.GetRequiredService<IDocumentStore>().Options;

    [Theory]
    [MemberData(nameof(Names))]
    public void an_event_once_stored_still_loads_and_means_the_same(string name)
    {
        var stored = File.ReadAllText(Path.Combine(Folder(), name + ".json"));
        var type = Store.Events.AllKnownEventTypes().Single(known => known.EventTypeName == name).EventType;
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(stored));
        var loaded = Store.Serializer().FromJson(type, stream);

        // Not by the records' own equality, which compares lists by reference.
        loaded.ShouldBeEquivalentTo(Meant[name]);
        JsonNode.DeepEquals(JsonNode.Parse(Store.Serializer().ToJson(loaded)), JsonNode.Parse(stored)).ShouldBeTrue(stored);
    }

    [Fact]
    public void every_event_has_a_name_and_a_fixture()
    {
        Directory.EnumerateFiles(Folder(), "*.json").Select(Path.GetFileNameWithoutExtension).ShouldBe(Meant.Keys, ignoreOrder: true);
        Store.Events.AllKnownEventTypes().Where(known => known.EventType.Assembly == typeof(Volunteer).Assembly).Select(known => known.EventTypeName)
            .ShouldBe(Meant.Keys, ignoreOrder: true);
    }

    [Fact]
    public void personal_data_has_one_name_in_every_event_that_has_it() =>
        Meant.Values.Where(e => e.GetType().GetProperty("Personal") is not null).Select(e => e.GetType())
            .ShouldBe([typeof(VolunteerRegistered), typeof(VolunteerProfileChanged)]);

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Fixtures");
}
