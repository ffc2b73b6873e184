using JasperFx.Events;
using Marten;
using Marten.Events.Projections;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Reporting.Volunteers;

/// <summary>Somebody became a volunteer.</summary>
/// <param name="Region">ISO 3166-2 code of the region they live in.</param>
/// <param name="At">When, UTC.</param>
public sealed record VolunteerCounted(string Region, DateTimeOffset At);

/// <summary>A registered volunteer, who may not have worked yet.</summary>
public sealed record Volunteer
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public required string Region { get; init; }

    public static Volunteer Create(VolunteerCounted e) => new() { Region = e.Region };
}

/// <summary>How many volunteers are registered in each region, added up as they come.</summary>
public sealed partial class RegisteredVolunteers : EventProjection
{
    public RegisteredVolunteers()
    {
        var table = new Table("public.registered_volunteers");
        table.AddColumn("region", "text").AsPrimaryKey();
        table.AddColumn("volunteers", "bigint").NotNull();
        SchemaObjects.Add(table);
        Options.DeleteDataInTableOnTeardown("public.registered_volunteers");
    }

    public void Project(IEvent<VolunteerCounted> e, IDocumentOperations operations) => operations.QueueSqlCommand(
        """
        insert into registered_volunteers (region, volunteers) values (?, 1)
        on conflict (region) do update set volunteers = registered_volunteers.volunteers + 1
        """,
        e.Data.Region);
}
