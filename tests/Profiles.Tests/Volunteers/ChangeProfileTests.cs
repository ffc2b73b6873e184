using Shouldly;
using VolunteerBook.Profiles.People.Volunteers;

namespace VolunteerBook.Profiles.Tests.Volunteers;

public sealed class ChangeProfileTests
{
    private static readonly PersonalDetails Before = new(
        new PersonName("Иванова", "Анна", "Петровна"), new DateOnly(1999, 1, 31), new Contacts("anna@example.org", "+79161234567"));

    private static readonly ChangeProfile Same = new(Before.Name, Before.BirthDate, "RU-MOW", Before.Contacts);

    private static EventSourcing.Decision Decide(ChangeProfile command) =>
        ChangeProfileEndpoint.Decide(Given.Volunteer(), Before, command, _ => "sealed anew", Given.Now);

    [Fact]
    public void what_is_already_so_changes_nothing()
    {
        var decision = Decide(Same with { Contacts = new Contacts(" anna@example.org", "8 916 123-45-67") });
        decision.Refusal.ShouldBeNull();
        decision.Events.ShouldBeEmpty();
    }

    public static TheoryData<ChangeProfile, string[]> Changes => new()
    {
        { Same with { Name = Before.Name with { Family = "Петрова" } }, ["name"] },
        { Same with { Name = new PersonName("Иванова", "Анна") }, ["name"] },
        { Same with { BirthDate = new DateOnly(1999, 2, 1) }, ["birthDate"] },
        { Same with { Region = "RU-SPE" }, ["region"] },
        { Same with { Contacts = null }, ["contacts"] },
        { new ChangeProfile(new PersonName("П", "А"), new DateOnly(2000, 1, 1), "RU-SPE"), ["name", "birthDate", "region", "contacts"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void a_change_names_its_fields_and_seals_the_whole(ChangeProfile command, string[] fields)
    {
        var changed = Decide(command).Events.ShouldHaveSingleItem().ShouldBeOfType<VolunteerProfileChanged>();
        changed.Changed.ShouldBe(fields);
        (changed.VolunteerId, changed.Region, changed.Personal, changed.At).ShouldBe((Given.Registrant, command.Region, "sealed anew", Given.Now));
    }

    [Fact]
    public void the_rules_of_registration_hold() => Decide(Same with { Region = "?" }).Refusal.ShouldNotBeNull().Field.ShouldBe("region");

    [Fact]
    public void the_volunteer_afterwards_is_what_the_change_says()
    {
        var after = Given.Volunteer().Apply(new VolunteerProfileChanged(Given.Registrant, "RU-SPE", ["region"], "anew", Given.Now));
        (after.Region, after.Personal, after.RegisteredAt).ShouldBe(("RU-SPE", "anew", Given.Volunteer().RegisteredAt));
    }
}
