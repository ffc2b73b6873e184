using System.Net;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

/// <summary>The administrator corrects what an organisation is called and where it is.</summary>
[Trait("Feature", "F37")]
public sealed class CorrectionTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private static readonly CorrectOrganisation Correction = new(" Рука  помощи рядом ", "RU-SPE", " По выписке ");

    private static string Of(Guid id, string part = "") => $"/api/v1/organisations/{id}{part}";

    [Fact]
    public void it_says_what_was_before_and_what_is_after()
    {
        var corrected = CorrectOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), Correction with { Name = "Рука друга" }, Given.Now).Events
            .ShouldHaveSingleItem().ShouldBeOfType<OrganisationCorrected>();
        corrected.ShouldBe(new OrganisationCorrected(Given.OrganisationId, "Рука друга", "RU-SPE", "Рука помощи", "RU-MOW", "По выписке", Given.Now));
        var after = Given.Organisation([.. Given.Approved, corrected]);
        (after.Name, after.Region, after.Ogrn).ShouldBe(("Рука друга", "RU-SPE", Given.Organisation(Given.Approved).Ogrn));
    }

    [Fact]
    public void what_is_right_already_is_not_corrected() =>
        CorrectOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), new CorrectOrganisation(" Рука помощи ", "RU-MOW", "Так"), Given.Now)
            .ShouldBe(Decision.Nothing);

    [Fact]
    public void one_that_waits_is_not_corrected() =>
        CorrectOrganisationEndpoint.Decide(Given.Organisation(Given.Registered), Correction, Given.Now).Refusal.ShouldNotBeNull().Code
            .ShouldBe("organisation-not-approved");

    [Theory]
    [InlineData("", "RU-SPE", "Так", "name")]
    [InlineData("А", "RU-SPE", "Так", "name")]
    [InlineData("Рука\nдруга", "RU-SPE", "Так", "name")]
    [InlineData("Рука друга", "Питер", "Так", "region")]
    [InlineData("Рука друга", "RU-SPE", " ", "reason")]
    public void bad_input_is_refused_with_the_field_that_is_bad(string name, string region, string reason, string field) =>
        CorrectOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), new CorrectOrganisation(name, region, reason), Given.Now).Refusal
            .ShouldNotBeNull().Field.ShouldBe(field);

    [Fact]
    public async Task it_is_found_by_its_new_name_others_are_told_it_and_the_history_keeps_the_old_one()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner, "Добрый сасед");
        var right = new CorrectOrganisation("Добрый сосед", "RU-SPE", "Опечатка");
        await (await host.Administrator().PostJsonAsync(Of(id, "/corrections"), right, version: 3)).ShouldBeAsync(HttpStatusCode.NoContent);

        (await host.Anonymous().GetJsonAsync<Page<OrganisationView>>($"/api/v1/organisations?region=RU-SPE&q={Uri.EscapeDataString("добрый сосед")}")).Items
            .Select(one => one.Id).ShouldContain(id);
        var change = (await host.Person(owner).GetJsonAsync(Of(id, "/history"))).EnumerateArray().Last();
        (change.GetProperty("type").GetString(), change.GetProperty("data").GetProperty("nameBefore").GetString())
            .ShouldBe(("organisation_corrected", "Добрый сасед"));
        var told = (await host.Machine("services", "integration").PublishedAsync()).Last(message =>
            message.GetProperty("type").GetString() == nameof(OrganisationApprovedV1)
            && message.GetProperty("data").GetProperty("organisationId").GetGuid() == id);
        (told.GetProperty("data").GetProperty("name").GetString(), told.GetProperty("data").GetProperty("version").GetInt64()).ShouldBe(("Добрый сосед", 4L));
    }

    [Fact]
    public async Task only_the_administrator_does_it_and_on_what_they_have_seen()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        await (await host.Anonymous().PostJsonAsync(Of(id, "/corrections"), Correction, version: 3)).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await host.Person(owner).PostJsonAsync(Of(id, "/corrections"), Correction, version: 3)).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        await (await host.Administrator().PostJsonAsync(Of(Guid.NewGuid(), "/corrections"), Correction, version: 3)).ProblemAsync(HttpStatusCode.NotFound);
        await (await host.Administrator().PostJsonAsync(Of(id, "/corrections"), Correction, version: 2)).ProblemAsync(HttpStatusCode.PreconditionFailed);
        (await host.Anonymous().GetJsonAsync<OrganisationView>(Of(id))).Region.ShouldBe("RU-MOW");
    }
}
