using Shouldly;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Tests.Volunteers;

[Trait("Feature", "F4")]
public sealed class RegisterVolunteerTests
{
    private static readonly RegisterVolunteer Anna = new(
        new PersonName("Иванова", "Анна", "Петровна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("anna@example.org", "+79161234567"));

    private static EventSourcing.Decision Decide(
        RegisterVolunteer command, Volunteer? volunteer = null, DateTimeOffset? now = null, Action<PersonalDetails>? seen = null) =>
        RegisterVolunteerEndpoint.Decide(volunteer, Given.Registrant, command, details =>
        {
            seen?.Invoke(details);
            return "sealed";
        }, now ?? Given.Now);

    private static string[] FieldsRefused(RegisterVolunteer command, DateTimeOffset? now = null) =>
        Decide(command, now: now).Refusal is { } refusal ? [.. refusal.Others.Prepend(refusal).Select(broken => broken.Field!)] : [];

    [Fact]
    public void a_person_becomes_a_volunteer()
    {
        var registered = Decide(Anna).Events.ShouldHaveSingleItem().ShouldBeOfType<VolunteerRegistered>();
        registered.ShouldBe(new VolunteerRegistered(Given.Registrant, "RU-MOW", "sealed", Given.Now));
    }

    [Fact]
    public void nobody_becomes_a_volunteer_twice()
    {
        var refusal = Decide(Anna, Given.Volunteer()).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Status).ShouldBe(("already-registered", 409));
    }

    [Fact]
    public void what_is_sealed_is_trimmed_composed_and_dialled_alike()
    {
        PersonalDetails? details = null;
        Decide(Anna with
        {
            Name = new PersonName(" Иванова\t", "Андреи\u0306", "  "),
            Contacts = new Contacts(" anna@example.org ", "8 (916) 123-45-67"),
        }, seen: sealedDetails => details = sealedDetails).Refusal.ShouldBeNull();

        details.ShouldBe(new PersonalDetails(new PersonName("Иванова", "Андрей"), new DateOnly(1999, 1, 31), new Contacts("anna@example.org", "+79161234567")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("12345")]
    [InlineData("---")]
    [InlineData("Ива\u0000нова")]
    [InlineData("Ива\nнова")]
    [InlineData("Ива\u2028нова")]
    public void a_name_that_is_none_is_refused_by_its_field(string name)
    {
        FieldsRefused(Anna with { Name = Anna.Name with { Family = name } }).ShouldBe(["name.family"]);
        FieldsRefused(Anna with { Name = Anna.Name with { Given = name } }).ShouldBe(["name.given"]);
    }

    [Theory]
    [InlineData("О’Коннор")]
    [InlineData("Петрова-Водкина")]
    [InlineData("де ла Крус")]
    [InlineData("Ё")]
    [InlineData("李")]
    public void a_name_of_any_people_is_taken(string name) => FieldsRefused(Anna with { Name = new PersonName(name, name, name) }).ShouldBeEmpty();

    [Fact]
    public void a_name_has_at_most_100_characters()
    {
        FieldsRefused(Anna with { Name = new PersonName(new string('а', 100), "Анна") }).ShouldBeEmpty();
        FieldsRefused(Anna with { Name = new PersonName(new string('а', 101), new string('а', 1_000_000), new string('а', 101)) })
            .ShouldBe(["name.family", "name.given", "name.patronymic"]);
    }

    [Fact]
    public void a_patronymic_may_be_missing() => FieldsRefused(Anna with { Name = new PersonName("Иванова", "Анна") }).ShouldBeEmpty();

    [Theory]
    [InlineData("2026-05-10", "birth-date-in-the-future")]
    [InlineData("9999-12-31", "birth-date-in-the-future")]
    [InlineData("2026-05-09", "age-out-of-range")]
    [InlineData("2018-05-10", "age-out-of-range")]
    [InlineData("2018-05-09", null)]
    [InlineData("1906-05-09", null)]
    [InlineData("1905-05-10", null)]
    [InlineData("1905-05-09", "age-out-of-range")]
    [InlineData("0001-01-01", "age-out-of-range")]
    public void volunteers_are_8_to_120_years_old(string birthDate, string? code)
    {
        var refusal = Decide(Anna with { BirthDate = DateOnly.Parse(birthDate, System.Globalization.CultureInfo.InvariantCulture) }).Refusal;
        (refusal?.Code, refusal?.Field).ShouldBe(code is null ? (null, null) : (code, "birthDate"));
    }

    [Theory]
    [InlineData("2025-02-28T12:00:00Z", false)]
    [InlineData("2025-03-01T12:00:00Z", true)]
    public void born_on_29_february_a_person_is_older_on_1_march_of_a_common_year(string now, bool is121) =>
        FieldsRefused(Anna with { BirthDate = new DateOnly(1904, 2, 29) }, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).Length
            .ShouldBe(is121 ? 1 : 0);

    [Theory]
    [InlineData("RU-KAM", false)]
    [InlineData("RU-KGD", true)]
    public void a_birthday_begins_where_the_person_lives(string region, bool refused) =>
        // 14:00 UTC on the 8th is 02:00 on the 9th in Kamchatka and 16:00 on the 8th in Kaliningrad.
        FieldsRefused(Anna with { Region = region, BirthDate = new DateOnly(2018, 5, 9) }, new DateTimeOffset(2026, 5, 8, 14, 0, 0, TimeSpan.Zero)).Length
            .ShouldBe(refused ? 1 : 0);

    [Theory]
    [InlineData("")]
    [InlineData("RU")]
    [InlineData("Москва")]
    [InlineData("RU-XXX")]
    public void an_unknown_region_is_refused(string region) => FieldsRefused(Anna with { Region = region }).ShouldBe(["region"]);

    [Theory]
    [InlineData("anna")]
    [InlineData("anna@")]
    [InlineData("@example.org")]
    [InlineData("anna@example")]
    [InlineData("anna@example.")]
    [InlineData("anna petrova@example.org")]
    [InlineData("anna@example.org, boris@example.org")]
    [InlineData("Anna <anna@example.org>")]
    [InlineData("anna@exa\nmple.org")]
    [InlineData("a..b@example.org")]
    public void an_e_mail_address_of_another_shape_is_refused(string email) =>
        FieldsRefused(Anna with { Contacts = new Contacts(email) }).Distinct().ShouldBe(["contacts.email"]);

    [Fact]
    public void an_e_mail_address_has_at_most_254_characters() =>
        FieldsRefused(Anna with { Contacts = new Contacts("anna@" + string.Join('.', Enumerable.Repeat(new string('a', 49), 5)) + ".org") })
            .ShouldBe(["contacts.email"]);

    [Theory]
    [InlineData("anna@example.org")]
    [InlineData("anna.p+book@mail.example.co")]
    [InlineData("анна@пример.рф")]
    [InlineData(null)]
    [InlineData("")]
    public void an_e_mail_address_or_none_is_taken(string? email) => FieldsRefused(Anna with { Contacts = new Contacts(email) }).ShouldBeEmpty();

    [Theory]
    [InlineData("123")]
    [InlineData("+7")]
    [InlineData("+0123456789")]
    [InlineData("+79161234567890123")]
    [InlineData("phone")]
    [InlineData("+7916123456x")]
    [InlineData("7916123456")]
    [InlineData("+٧٩١٦١٢٣٤٥٦٧")]
    public void a_phone_number_of_another_shape_is_refused(string phone) =>
        FieldsRefused(Anna with { Contacts = new Contacts(Phone: phone) }).ShouldBe(["contacts.phone"]);

    [Theory]
    [InlineData("+79161234567")]
    [InlineData("8 916 123 45 67")]
    [InlineData("+7 (916) 123-45-67")]
    [InlineData("+44 20 7946 0000")]
    [InlineData(null)]
    public void a_phone_number_or_none_is_taken(string? phone) => FieldsRefused(Anna with { Contacts = new Contacts(Phone: phone) }).ShouldBeEmpty();

    [Fact]
    public void contacts_may_be_missing() => FieldsRefused(Anna with { Contacts = null }).ShouldBeEmpty();

    [Fact]
    public void all_that_is_wrong_is_said_at_once() =>
        FieldsRefused(new RegisterVolunteer(new PersonName("", "", new string('а', 101)), new DateOnly(2030, 1, 1), "?", new Contacts("?", "?")))
            .ShouldBe(["name.family", "name.given", "name.patronymic", "birthDate", "region", "contacts.email", "contacts.phone"]);

    [Fact]
    public void a_refusal_says_nothing_of_what_was_typed()
    {
        var refusal = Decide(Anna with { Contacts = new Contacts("тайна@@example.org") }).Refusal.ShouldNotBeNull();
        System.Text.Json.JsonSerializer.Serialize(refusal.ToProblemDetails(), Json.Options).ShouldNotContain("тайна");
    }
}
