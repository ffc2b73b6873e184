using Marten;
using VolunteerBook.ServiceDefaults;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Profiles.People.PersonalData;

/// <summary>Puts the people's keys into a service.</summary>
public static class PersonalDataExtensions
{
    /// <summary>Reads the master key at once: a service without one must not start.</summary>
    public static WebApplicationBuilder AddPersonalData(this WebApplicationBuilder builder)
    {
        var master = MasterKey.From(
            builder.Configuration[MasterKey.Setting], builder.Environment.IsDevelopment(),
            builder.Configuration.GetSection(MasterKey.EarlierSetting).GetChildren().Select(each => each.Value));
        builder.Services.AddSingleton(master)
            .AddSingleton<PersonKeys>().AddSingleton<IVerb, KeysVerb>().AddSingleton<IUnderTheMasterKey, PersonKeysUnderTheMasterKey>();
        return builder;
    }

    /// <summary>Adds the keys' table to the database's schema.</summary>
    public static void AddPersonKeys(this StoreOptions options) => options.Storage.ExtendedSchemaObjects.Add(KeyTable());

    private static Table KeyTable()
    {
        var table = new Table("keys.person_keys");
        table.AddColumn("person_id", "uuid").AsPrimaryKey();
        table.AddColumn("master", "text").NotNull();
        table.AddColumn("wrapped", "bytea");
        table.AddColumn("created_at", "timestamptz").NotNull();
        table.AddColumn("destroyed_at", "timestamptz");
        return table;
    }
}
