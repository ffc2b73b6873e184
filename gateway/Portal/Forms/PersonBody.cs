using System.Globalization;
using Microsoft.Extensions.Localization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal.Forms;

/// <summary>A volunteer's particulars, read from a form.</summary>
public sealed record PersonBody(PersonName Name, DateOnly BirthDate, string? Region, Contacts Contacts)
{
    /// <summary>Reads and marks.</summary>
    public static PersonBody Read(Form form, IStringLocalizer t, TimeProvider clock)
    {
        var name = ReadName(form, t);
        string[] forms = ["yyyy-MM-dd", "d.M.yyyy"];
        if (!DateOnly.TryParseExact(form["birthDate"].Trim(), forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)
            || born > DateOnly.FromDateTime(clock.GetUtcNow().DateTime) || born.Year < 1900) form.Fail("birthDate", t["person.birth-date-wrong"]);
        if (Regions.Find(form["region"]) is null) form.Missing("region", t);
        if (form.Text("contacts.email") is { } email && !email.Contains('@', StringComparison.Ordinal)) form.Fail("contacts.email", t["person.email-wrong"]);
        return new PersonBody(name, born, form.Text("region"), new Contacts(form.Text("contacts.email"), form.Text("contacts.phone")));
    }

    /// <summary>Reads and marks the name alone.</summary>
    public static PersonName ReadName(Form form, IStringLocalizer t) =>
        new(form.Require("name.family", t, 100) ?? "", form.Require("name.given", t, 100) ?? "", form.Text("name.patronymic"));

    /// <summary>Fills the inputs from what is stored.</summary>
    public static void Show(Form form, Volunteer me)
    {
        form["name.family"] = me.Name?.Family ?? "";
        form["name.given"] = me.Name?.Given ?? "";
        form["name.patronymic"] = me.Name?.Patronymic ?? "";
        form["birthDate"] = me.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
        form["region"] = me.Region;
        form["contacts.email"] = me.Contacts?.Email ?? "";
        form["contacts.phone"] = me.Contacts?.Phone ?? "";
    }
}
