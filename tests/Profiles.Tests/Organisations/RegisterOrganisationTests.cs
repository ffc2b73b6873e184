using Shouldly;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Tests.Organisations;

[Trait("Feature", "F37")]
public sealed class RegisterOrganisationTests
{
    private static readonly Guid By = Guid.NewGuid();
    private static readonly RegisterOrganisation Command = new("Рука помощи", Given.OgrnText, "RU-MOW");

    private static EventSourcing.Decision Decide(RegisterOrganisation command, Organisation? organisation = null) =>
        RegisterOrganisationEndpoint.Decide(organisation, command, By, Given.Now);

    private static string[] FieldsRefused(RegisterOrganisation command) =>
        Decide(command).Refusal is { } refusal ? [.. refusal.Others.Prepend(refusal).Select(broken => broken.Field!)] : [];

    [Fact]
    public void an_organisation_waits_for_the_administrator()
    {
        Decide(Command).Events.ShouldBe([new OrganisationRegistered(Given.OrganisationId, "Рука помощи", Given.OgrnText, "RU-MOW", By, Given.Now)]);
        Given.Organisation(Decide(Command).Events[0]).Status.ShouldBe(OrganisationStatus.Pending);
    }

    [Fact]
    public void text_is_trimmed() => Decide(new RegisterOrganisation("  Рука помощи ", $" {Given.OgrnText}\n", "RU-MOW")).Events
        .ShouldBe([new OrganisationRegistered(Given.OrganisationId, "Рука помощи", Given.OgrnText, "RU-MOW", By, Given.Now)]);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Я")]
    [InlineData("Рука\nпомощи")]
    [InlineData("Рука\u0000помощи")]
    public void a_name_that_is_none_is_refused(string name) => FieldsRefused(Command with { Name = name }).ShouldBe(["name"]);

    [Fact]
    public void a_name_has_at_most_300_characters()
    {
        FieldsRefused(Command with { Name = new string('я', 300) }).ShouldBeEmpty();
        FieldsRefused(Command with { Name = new string('я', 301) }).ShouldBe(["name"]);
    }

    [Fact]
    public void a_name_that_no_document_could_write_is_refused_with_its_characters()
    {
        var refusal = Decide(Command with { Name = "Рука 🤝 помощи" }).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field, refusal.Status, refusal.Extensions["characters"]).ShouldBe(("characters-not-written", "name", 400, "🤝"));
        FieldsRefused(Command with { Name = "დახმარება" }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("1027700132194")]
    [InlineData("7707083893")]
    public void a_wrong_ogrn_is_refused(string ogrn)
    {
        var refusal = Decide(Command with { Ogrn = ogrn }).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field, refusal.Status).ShouldBe(("ogrn-invalid", "ogrn", 400));
    }

    [Fact]
    public void all_that_is_wrong_is_said_at_once() => FieldsRefused(new RegisterOrganisation("", "", "")).ShouldBe(["name", "ogrn", "region"]);

    [Fact]
    public void the_same_ogrn_is_refused_while_it_waits_and_once_approved()
    {
        Decide(Command, Given.Organisation(Given.Registered)).Refusal.ShouldNotBeNull().Status.ShouldBe(409);
        Decide(Command, Given.Organisation(Given.Approved)).Refusal.ShouldNotBeNull().Code.ShouldBe("organisation-already-registered");
    }

    [Fact]
    public void a_refused_organisation_may_be_registered_again_by_another()
    {
        var refused = Given.Organisation(Given.Registered, new OrganisationRefused(Given.OrganisationId, "Не найдена", Given.Now));
        var again = Decide(Command with { Name = "Рука помощи СПб", Region = "RU-SPE" }, refused).Events.ShouldHaveSingleItem();
        again.ShouldBe(new OrganisationRegisteredAgain(Given.OrganisationId, "Рука помощи СПб", "RU-SPE", By, Given.Now));

        var waiting = refused.Apply((OrganisationRegisteredAgain)again);
        (waiting.Status, waiting.RegisteredBy, waiting.Name, waiting.Region, waiting.RefusalReason)
            .ShouldBe((OrganisationStatus.Pending, By, "Рука помощи СПб", "RU-SPE", null));
        waiting.SearchKey.ShouldBe("РУКА ПОМОЩИ СПБ " + Given.OgrnText);
    }

    [Fact]
    public void the_search_key_knows_no_case_and_no_yo() =>
        Organisation.Fold("Мёд и Ёлка").ShouldBe("МЕД И ЕЛКА");
}
