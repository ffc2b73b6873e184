using System.Text.Json;
using Marten;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.ServiceDefaults;
using Weasel.Postgresql;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// Everybody's notifications, in the table <c>people.notifications</c>: written in the transaction of the reader's position, so once for each event. Their
/// positions are given one transaction after another, so that who has read a person's up to one has missed none before it.
/// </summary>
internal static class Notifications
{
    /// <summary>On which instances tell each other whose notifications have changed.</summary>
    public const string Channel = "volunteerbook_notifications";

    private const string Table = $"{PeoplePart.Schema}.notifications";

    /// <summary>
    /// What was read goes a while after it happened, and with it what belongs to people whose key was destroyed. Not sooner than a month: a notice of a key
    /// that ends must not be made again while its time is.
    /// </summary>
    public static KeptForDays Read { get; } = new("NotificationsDays", 90, LeastDays: 30, Table,
        """
        kept.at < $1 and kept.read_at < $1
        or exists (select 1 from keys.person_keys erased where erased.person_id = kept.person and erased.wrapped is null)
        """);

    /// <summary>What nobody has looked at for so long nobody will.</summary>
    public static KeptForDays Unread { get; } = new("UnreadNotificationsDays", 365, LeastDays: 30, Table, "kept.at < $1");

    public static void AddNotifications(this StoreOptions options)
    {
        options.Events.MapEventType<NotificationSettingsChanged>("notification_settings_changed");
        // Inline: who has unsubscribed gets no mail any more.
        options.Snapshot<NotificationSettings>();
        options.Schema.For<NotificationSettings>().DatabaseSchemaName(PeoplePart.Schema);
        options.Storage.ExtendedSchemaObjects.AddRange(
            [new Sequence(new PostgresqlObjectName(PeoplePart.Schema, "notification_positions", SchemaUtils.IdentifierUsage.General)), Rows()]);
    }

    /// <summary>
    /// Puts notifications into the session, each with the time at which its person wants the mail. What is there already stays as it is; of late cases it is
    /// counted on, and is unread again.
    /// </summary>
    public static async Task NotifyAsync(this IDocumentSession session, IReadOnlyList<Notification> told, CancellationToken ct)
    {
        if (told.Count == 0)
        {
            return;
        }

        var people = told.Select(one => one.Person).Distinct().ToArray();
        var settings = await session.SettingsOfAsync(people, ct);
        var rows = told.Select(one => new
        {
            one.Id,
            one.Person,
            Kind = Notification.Name(one.Kind),
            one.At,
            one.Organisation,
            one.About,
            one.Minutes,
            one.Claimed,
            one.Number,
            one.Outcome,
            one.Until,
            MailDue = settings[one.Person].MailDue(one.Kind, one.At),
        });
        session.QueueSqlCommand("select pg_advisory_xact_lock(hashtextextended('notifications', 0))");
        session.QueueSqlCommand(
            $"""
            insert into {Table} as known
                (id, position, person, kind, at, organisation_id, about, minutes, claimed, number, outcome, until, mail_due_at)
            select told.id, nextval('{PeoplePart.Schema}.notification_positions'), told.person, told.kind, told.at, told.organisation, told.about,
                told.minutes, told.claimed, told.number, told.outcome, told.until, told."mailDue"
            from jsonb_to_recordset(?::text::jsonb) told (id uuid, person uuid, kind text, at timestamptz, organisation uuid, about uuid, minutes int,
                claimed int, number int, outcome boolean, until timestamptz, "mailDue" timestamptz)
            on conflict (id) do update set number = known.number + excluded.number, at = greatest(known.at, excluded.at), position = excluded.position,
                read_at = null, mail_due_at = coalesce(known.mail_due_at, excluded.mail_due_at)
            where known.kind = '{Notification.Name(NotificationKind.CasesLate)}'
            """,
            JsonSerializer.Serialize(rows, Json.Options));
        session.Changed(people);
    }

    /// <summary>Tells every instance, once it is committed, that these people's notifications are no longer what they were.</summary>
    public static void Changed(this IDocumentSession session, params Guid[] people) =>
        session.QueueSqlCommand("select pg_notify(?, person::text) from unnest(?) person", Channel, people);

    /// <summary>How each of these people wants to be mailed.</summary>
    public static async Task<IReadOnlyDictionary<Guid, NotificationSettings>> SettingsOfAsync(
        this IQuerySession session, IReadOnlyCollection<Guid> people, CancellationToken ct)
    {
        var said = (await session.LoadManyAsync<NotificationSettings>(ct, people.Select(NotificationSettings.IdOf).ToArray())).ToDictionary(one => one.Id);
        var books = (await session.LoadManyAsync<Volunteer>(ct, people.ToArray())).ToDictionary(volunteer => volunteer.Id);
        return people.ToDictionary(
            person => person,
            person => said.GetValueOrDefault(NotificationSettings.IdOf(person))
                ?? NotificationSettings.Default(person, books.GetValueOrDefault(person)?.Region));
    }

    /// <summary>What is still to be mailed is mailed as the person wants it from now on.</summary>
    public static void MailAnew(this IDocumentSession session, Guid person, NotificationSettings settings, DateTimeOffset now)
    {
        foreach (var mail in Enum.GetValues<NotificationKind>().GroupBy(settings.Of))
        {
            var kinds = mail.Select(Notification.Name).ToArray();
            if (settings.MailDue(mail.First(), now) is { } due)
            {
                session.QueueSqlCommand(
                    $"update {Table} set mail_due_at = ? where person = ? and mail_due_at is not null and kind = any(?)", due, person, kinds);
            }
            else
            {
                session.QueueSqlCommand(
                    $"update {Table} set mail_due_at = null where person = ? and mail_due_at is not null and kind = any(?)", person, kinds);
            }
        }
    }

    /// <summary>A page of somebody's, the latest first, one more than was asked for.</summary>
    public static Task<IReadOnlyList<Found>> PageAsync(
        this NpgsqlDataSource database, Guid person, bool unread, Cursor? after, int rows, CancellationToken ct) => database.FindAsync(
        $"""
        select {Columns} from {Table} n
        where person = $1 and (not $2 or read_at is null) and ($3::timestamptz is null or (at, id) < ($3, $4)) order by at desc, id desc limit $5
        """,
        ct, person, unread, after?.At.UtcDateTime ?? (object)DBNull.Value, after?.Id ?? Guid.Empty, rows);

    /// <summary>What of somebody's follows on a position, in order.</summary>
    public static Task<IReadOnlyList<Found>> AfterAsync(this NpgsqlDataSource database, Guid person, long position, int rows, CancellationToken ct) =>
        database.FindAsync($"select {Columns} from {Table} n where person = $1 and position > $2 order by position limit $3", ct, person, position, rows);

    /// <summary>How many are unread, at most as many as anybody counts, and the position of the latest.</summary>
    public static async Task<UnreadNotifications> UnreadAsync(this NpgsqlDataSource database, Guid person, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            select (select count(*) from (select from {Table} where person = $1 and read_at is null limit {UnreadNotifications.Most}) unread)::int,
                coalesce((select max(position) from {Table} where person = $1), 0)
            """);
        command.Parameters.Add(new() { Value = person });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new(row.GetInt32(0), row.GetInt64(1));
    }

    /// <summary>
    /// Takes what of somebody's is due to be mailed, in the caller's transaction: nobody takes it again. The latest first, at most so many, with how many
    /// there are in all.
    /// </summary>
    /// <param name="transaction">In which the mail is written.</param>
    /// <param name="person">Whose.</param>
    /// <param name="now">Until when it was due, UTC.</param>
    /// <param name="mailed">The kinds of which a mail is written; what is of others is in the inbox alone, and nothing has to wait for it.</param>
    /// <param name="most">How many are named.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<(IReadOnlyList<Found> Named, int All)> TakeDueAsync(
        NpgsqlTransaction transaction, Guid person, DateTimeOffset now, IReadOnlyList<NotificationKind> mailed, int most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with due as (
                update {Table} set mail_due_at = null, mailed_at = case when kind = any($3) then $2 else mailed_at end
                where person = $1 and mail_due_at <= $2 returning *)
            select {Columns}, count(*) over ()::int from due n where kind = any($3) order by position desc limit $4
            """,
            transaction.Connection, transaction);
        Add(command, person, now, mailed.Select(Notification.Name).ToArray(), most);
        await using var row = await command.ExecuteReaderAsync(ct);
        var (found, all) = (new List<Found>(), 0);
        while (await row.ReadAsync(ct))
        {
            found.Add(await OfAsync(row, ct));
            all = row.GetInt32(ColumnsBeforeCount);
        }

        return (found, all);
    }

    private const string Columns = "id, position, person, kind, at, organisation_id, about, minutes, claimed, number, outcome, until, read_at is not null";
    private const int ColumnsBeforeCount = 13;

    private static async Task<IReadOnlyList<Found>> FindAsync(this NpgsqlDataSource database, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        Add(command, values);
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<Found>();
        while (await row.ReadAsync(ct))
        {
            found.Add(await OfAsync(row, ct));
        }

        return found;
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new() { Value = value });
        }
    }

    private static async Task<Found> OfAsync(NpgsqlDataReader row, CancellationToken ct)
    {
        return new(
            new(row.GetGuid(0), row.GetGuid(2), Rules.OneOf<NotificationKind>("kind", row.GetString(3))!.Value,
                row.GetFieldValue<DateTimeOffset>(4), await ValueAsync<Guid>(5))
            {
                About = await ValueAsync<Guid>(6),
                Minutes = await ValueAsync<int>(7),
                Claimed = await ValueAsync<int>(8),
                Number = await ValueAsync<int>(9),
                Outcome = await ValueAsync<bool>(10),
                Until = await ValueAsync<DateTimeOffset>(11),
            },
            row.GetInt64(1), row.GetBoolean(12));

        async Task<T?> ValueAsync<T>(int column) where T : struct => await row.IsDBNullAsync(column, ct) ? null : row.GetFieldValue<T>(column);
    }

    private static Table Rows()
    {
        var table = new Table(Table);
        table.AddColumn("id", "uuid").AsPrimaryKey();
        table.AddColumn("position", "bigint").NotNull();
        table.AddColumn("person", "uuid").NotNull();
        table.AddColumn("kind", "text").NotNull();
        table.AddColumn("at", "timestamptz").NotNull();
        table.AddColumn("organisation_id", "uuid");
        table.AddColumn("about", "uuid");
        table.AddColumn("minutes", "integer");
        table.AddColumn("claimed", "integer");
        table.AddColumn("number", "integer");
        table.AddColumn("outcome", "boolean");
        table.AddColumn("until", "timestamptz");
        table.AddColumn("read_at", "timestamptz");
        // When it is to be mailed; null where it is not, or was.
        table.AddColumn("mail_due_at", "timestamptz");
        table.AddColumn("mailed_at", "timestamptz");
        table.Indexes.Add(new IndexDefinition("notifications_person_at") { Columns = ["person", "at", "id"] });
        table.Indexes.Add(new IndexDefinition("notifications_person_position") { Columns = ["person", "position"] });
        table.Indexes.Add(new IndexDefinition("notifications_unread") { Columns = ["person"], Predicate = "read_at is null" });
        table.Indexes.Add(new IndexDefinition("notifications_due") { Columns = ["mail_due_at"], Predicate = "mail_due_at is not null" });
        return table;
    }
}

/// <summary>A notification as it is kept.</summary>
/// <param name="Told">What it tells.</param>
/// <param name="Position">Its place: of a person's, a later one is higher.</param>
/// <param name="Read">Whether its person has seen it.</param>
internal sealed record Found(Notification Told, long Position, bool Read);
