using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Demo.World;

/// <summary>What becomes of an entry.</summary>
internal enum Outcome
{
    Draft,
    Submitted,
    Confirmed,
    Rejected,
    Returned,
    Withdrawn,

    /// <summary>Returned, corrected, submitted again, and then confirmed.</summary>
    Mended,
}

/// <summary>A volunteer of the demo world.</summary>
/// <param name="UserName">The account.</param>
/// <param name="Profile">What they say about themself.</param>
internal sealed record PlannedVolunteer(string UserName, NewVolunteer Profile);

/// <summary>An entry of the demo world and what becomes of it.</summary>
/// <param name="Volunteer">User name.</param>
/// <param name="Host">The receiving organisation.</param>
/// <param name="Project">Its project.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Shifts">The shifts, oldest first.</param>
/// <param name="Words">Own words.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Reason">Of the rejection, return or withdrawal.</param>
internal sealed record PlannedEntry(
    string Volunteer, Host Host, Project Project, string Region, IReadOnlyList<Shift> Shifts, string? Words, Outcome Outcome, string? Reason);

/// <summary>A vacancy of the demo world.</summary>
/// <param name="Host">Whose it is.</param>
/// <param name="Project">For what.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What is wanted.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Shifts">Its shifts.</param>
/// <param name="Closed">Whether it is closed in the end.</param>
/// <param name="Applications">Who applies, and what becomes of it.</param>
internal sealed record PlannedVacancy(
    Host Host, Project Project, string Title, string Description, string Region, IReadOnlyList<NewVacancyShift> Shifts, bool Closed,
    IReadOnlyList<PlannedApplication> Applications);

/// <summary>An application to a vacancy.</summary>
/// <param name="Volunteer">User name.</param>
/// <param name="Message">What they write.</param>
/// <param name="Answer">What becomes of it.</param>
/// <param name="Attended">Minutes that the coordinator records for the first shift; null for none.</param>
internal sealed record PlannedApplication(string Volunteer, string Message, Answer Answer, int? Attended = null);

/// <summary>What becomes of an application.</summary>
internal enum Answer
{
    None,
    Accepted,
    Refused,
    Withdrawn,
}

/// <summary>
/// All that happens in the demo world, made up before any of it is sent: the same for the same end, in whatever order it is sent later.
/// </summary>
internal sealed class WorldPlan
{
    private const int Years = 3;
    private const int QueueOfPavel = 8;

    private static readonly double[] Yearly = [0.55, 0.8, 1.0];

    // System.Random keeps its sequence for a seed from release to release.
    private readonly Random _random = new(20260509);
    private readonly DateOnly _today;
    private readonly List<PlannedVolunteer> _volunteers = [];
    private readonly List<PlannedEntry> _entries = [];
    private readonly List<PlannedVacancy> _vacancies = [];
    private readonly Dictionary<string, HashSet<DateOnly>> _daysOff = new(StringComparer.Ordinal);

    /// <summary>Makes the world up.</summary>
    /// <param name="end">When the world ends: what is logged lies before that day, what is planned after it.</param>
    public WorldPlan(DateTimeOffset end)
    {
        _today = DateOnly.FromDateTime(end.UtcDateTime);
        MakeAnna();
        MakeVolunteers();
        KeepQueueOfPavel();
        MakeVacancies();
        MakeShiftInProgress(end);
    }

    /// <summary>Anna, then the unnamed volunteers.</summary>
    public IReadOnlyList<PlannedVolunteer> Volunteers => _volunteers;

    /// <summary>Every entry, Anna's first.</summary>
    public IReadOnlyList<PlannedEntry> Entries => _entries;

    /// <summary>Every vacancy; the last application of the first is Anna's.</summary>
    public IReadOnlyList<PlannedVacancy> Vacancies => _vacancies;

    /// <summary>Anna as she registers.</summary>
    public static PlannedVolunteer Anna { get; } = new(DemoAccounts.Anna, new(
        new PersonName("Соловьёва", "Анна", "Игоревна"), new DateOnly(1999, 4, 17), "RU-MOW", new Contacts(DemoAccounts.Anna)));

    private DateOnly Yesterday => _today.AddDays(-1);

    private void MakeAnna()
    {
        _volunteers.Add(Anna);
        // Days before the world's last day, minutes of each shift; a story with three organisations.
        (int Host, int Project, Outcome Outcome, int Ago, int[] Minutes, int Every, string Words)[] story =
        [
            (1, 0, Outcome.Confirmed, 1010, [180], 7, "Первая смена: познакомилась с Марией Фёдоровной"),
            (1, 1, Outcome.Confirmed, 930, [300, 240], 1, "Мыли окна после зимы, четыре квартиры за выходные"),
            (1, 0, Outcome.Confirmed, 760, [120, 120, 150, 120], 7, "Месяц по субботам: магазин, аптека, разговор"),
            (2, 0, Outcome.Confirmed, 640, [150, 180], 7, "Приезжала к сестре в Казань, гуляли с собаками"),
            (1, 4, Outcome.Confirmed, 505, [240], 7, "Собирали и развозили подарки"),
            (3, 0, Outcome.Confirmed, 420, [150, 150, 150], 7, "Рисовали и строили город из коробок"),
            (2, 1, Outcome.Rejected, 365, [300], 7, "Выставка-пристройство в торговом центре"),
            (1, 2, Outcome.Confirmed, 290, [120, 90], 2, "Подписали и разнесли открытки по адресам"),
            (1, 3, Outcome.Mended, 205, [120, 120, 90], 7, "Занятия о видеосвязи и записи к врачу"),
            (3, 2, Outcome.Withdrawn, 170, [240], 7, "Дежурство у регистратуры"),
            (1, 0, Outcome.Confirmed, 96, [180, 180, 150], 7, "Прогулки, помощь с квитанциями"),
            (2, 0, Outcome.Returned, 33, [240], 7, "Кошачий корпус: уборка, кормление, игра"),
            (1, 0, Outcome.Submitted, 16, [180, 120], 7, "Купила продукты и лекарства, помогла с уборкой"),
            (1, 3, Outcome.Submitted, 6, [90], 7, "Разбирали мошеннические звонки"),
            (3, 1, Outcome.Draft, 3, [150], 7, "Лепка с детьми на долгом лечении"),
        ];
        foreach (var (number, project, outcome, ago, minutes, every, words) in story)
        {
            var host = Cast.Hosts[number - 1];
            var what = host.Projects[project];
            var zone = Regions.Find(host.Regions[0])!.Zone;
            var first = _today.AddDays(-ago);
            var shifts = minutes.Select((length, index) => ShiftOn(first.AddDays(index * every), what.Hours[0], zone, length)).ToList();
            var reason = outcome switch
            {
                Outcome.Rejected => "В этот день смена не проводилась: выставку перенесли",
                Outcome.Returned => "По листу регистрации смена была короче, поправьте время",
                Outcome.Mended => "Одно из занятий было на полчаса короче, поправьте",
                Outcome.Withdrawn => "Дежурство отменили",
                _ => null,
            };
            _entries.Add(new(Anna.UserName, host, what, host.Regions[0], shifts, words, outcome, reason));
        }
    }

    private void MakeVolunteers()
    {
        // The farther an organisation's seat, the fewer: seats have three places in the draw, other regions one.
        var homes = Cast.Hosts.SelectMany(host => host.Regions.Prepend(host.Regions[0]).Prepend(host.Regions[0])).ToArray();
        for (var number = 1; number <= DemoAccounts.Volunteers; number++)
        {
            var userName = DemoAccounts.Volunteer(number);
            var region = Pick(homes);
            _volunteers.Add(new(userName, Person(userName, region)));
            // A few do very much, most do a little, some have not begun.
            var draw = _random.NextDouble();
            var entries = draw < 0.08 ? 0 : draw < 0.78 ? _random.Next(1, 4) : draw < 0.96 ? _random.Next(4, 7) : _random.Next(8, 16);
            var hosts = Cast.Hosts.Where(host => host.Regions.Contains(region)).ToArray();
            var own = hosts[number % hosts.Length];
            var joined = _today.AddDays(-(int)(Years * 365 * Math.Pow(_random.NextDouble(), 0.4)) - 5);
            for (var entry = 0; entry < entries; entry++)
            {
                MakeEntry(userName, region, hosts, own, joined);
            }
        }
    }

    private NewVolunteer Person(string userName, string region)
    {
        var woman = _random.NextDouble() < 0.64;
        var family = Pick(Cast.MenFamilies);
        var patronymic = Pick(Cast.Patronymics);
        var name = woman
            ? new PersonName(family + "а", Pick(Cast.WomenGiven), patronymic.Woman)
            : new PersonName(family, Pick(Cast.MenGiven), patronymic.Man);
        var age = 15 + (int)(50 * Math.Pow(_random.NextDouble(), 1.8));
        return new(name, _today.AddYears(-age).AddDays(-_random.Next(1, 360)), region, new Contacts(userName));
    }

    private void MakeEntry(string userName, string region, Host[] hosts, Host own, DateOnly joined)
    {
        // Most have an organisation of their own; now and then they help another.
        var host = _random.NextDouble() < 0.8 ? own : Pick(hosts);
        var project = Pick(host.Projects);
        if (DayFor(project, joined) is not { } first)
        {
            return;
        }

        var zone = Regions.Find(region)!.Zone;
        var hour = Pick(project.Hours);
        var draw = _random.NextDouble();
        var count = draw < 0.55 ? 1 : draw < 0.75 ? 2 : draw < 0.93 ? _random.Next(3, 5) : _random.Next(5, 9);
        var every = project.Minutes[0] >= 300 ? 1 : 7;
        var taken = _daysOff.TryGetValue(userName, out var known) ? known : _daysOff[userName] = [];
        var shifts = new List<Shift>();
        for (var index = 0; index < count; index++)
        {
            var day = first.AddDays(index * every);
            if (day <= Yesterday && taken.Add(day))
            {
                shifts.Add(ShiftOn(day, hour, zone, Pick(project.Minutes)));
            }
        }

        if (shifts.Count == 0)
        {
            return;
        }

        var outcome = OutcomeAt(_today.DayNumber - DateOnly.FromDateTime(shifts[^1].Start).DayNumber);
        var reason = outcome switch
        {
            Outcome.Rejected => Pick(Cast.RejectionReasons),
            Outcome.Returned or Outcome.Mended => Pick(Cast.ReturnReasons),
            Outcome.Withdrawn => Pick(Cast.WithdrawalReasons),
            _ => null,
        };
        _entries.Add(new(userName, host, project, region, shifts, _random.NextDouble() < 0.7 ? Pick(project.Words) : null, outcome, reason));
    }

    // A day since the volunteer joined, drawn by season, day of the week and the movement's growth; null where none was found in many draws.
    private DateOnly? DayFor(Project project, DateOnly joined)
    {
        var days = Yesterday.DayNumber - joined.DayNumber;
        for (var draw = 0; draw < 400; draw++)
        {
            var day = joined.AddDays(_random.Next(0, Math.Max(days, 1)));
            var year = Math.Clamp(Years - 1 - ((_today.DayNumber - day.DayNumber) / 365), 0, Years - 1);
            if (_random.NextDouble() < Weight(project, day) * Yearly[year])
            {
                return day;
            }
        }

        return null;
    }

    private Outcome OutcomeAt(int daysAgo)
    {
        var draw = _random.NextDouble();
        return daysAgo < 40
            ? draw switch
            {
                < 0.48 => Outcome.Submitted,
                < 0.60 => Outcome.Draft,
                < 0.92 => Outcome.Confirmed,
                < 0.95 => Outcome.Returned,
                < 0.98 => Outcome.Rejected,
                _ => Outcome.Withdrawn,
            }
            : draw switch
            {
                < 0.87 => Outcome.Confirmed,
                < 0.91 => Outcome.Rejected,
                < 0.93 => Outcome.Returned,
                < 0.955 => Outcome.Withdrawn,
                < 0.975 => Outcome.Draft,
                < 0.985 => Outcome.Submitted,
                _ => Outcome.Mended,
            };
    }

    // Pavel finds so many cases open, Anna's and the most recent of the others.
    private void KeepQueueOfPavel()
    {
        var places = QueueOfPavel - _entries.Count(entry => entry is { Volunteer: DemoAccounts.Anna, Host.Number: 1, Outcome: Outcome.Submitted });
        var others = _entries
            .Select((entry, index) => (Entry: entry, Index: index))
            .Where(row => row.Entry is { Volunteer: not DemoAccounts.Anna, Host.Number: 1, Outcome: Outcome.Submitted or Outcome.Confirmed })
            .OrderByDescending(row => row.Entry.Shifts[^1].Start)
            .ToList();
        for (var place = 0; place < others.Count; place++)
        {
            _entries[others[place].Index] = others[place].Entry with { Outcome = place < places ? Outcome.Submitted : Outcome.Confirmed };
        }
    }

    private void MakeVacancies()
    {
        foreach (var host in Cast.Hosts)
        {
            Project? before = null;
            for (var turn = 0; turn < (host.Number <= 6 ? 2 : 1); turn++)
            {
                var region = host.Regions[turn];
                var zone = Regions.Find(region)!.Zone;
                var (project, first) = ComingShift(host, before);
                before = project;
                var shifts = Enumerable.Range(0, _random.Next(1, 4))
                    .Select(index => ShiftOn(first.AddDays(index * 7), project.Hours[0], zone, Pick(project.Minutes)))
                    .Select(shift => new NewVacancyShift(shift.Start, shift.Zone, shift.Minutes, _random.Next(3, 12)))
                    .ToList();
                var near = _volunteers.Where(volunteer => host.Regions.Contains(volunteer.Profile.Region) && volunteer != Anna)
                    .OrderBy(_ => _random.Next()).Take(_random.Next(2, 6)).ToList();
                var applications = near.Select(volunteer => new PlannedApplication(
                    volunteer.UserName, Pick(Cast.Messages), Pick([Answer.None, Answer.Accepted, Answer.Accepted, Answer.Refused, Answer.Withdrawn]))).ToList();
                if (host.Number == 1 && turn == 0)
                {
                    applications.Add(new(Anna.UserName, "Помогаю фонду третий год, хочу взять ещё смену", Answer.None));
                }

                _vacancies.Add(new(
                    host, project, $"Волонтёры в проект «{project.Name}»", Describe(project, shifts.Count), region, shifts,
                    Closed: turn == 1 && host.Number % 2 == 0, applications));
            }
        }
    }

    // One of the coming days, and a project that happens then: of some draws the most fitting, for in winter there may be no good one.
    private (Project Project, DateOnly Day) ComingShift(Host host, Project? besides) => Enumerable.Range(0, 12)
        .Select(_ => (Project: Pick(host.Projects), Day: _today.AddDays(_random.Next(4, 40))))
        .Where(draw => draw.Project != besides)
        .MaxBy(draw => Weight(draw.Project, draw.Day));

    // How much happens in a project on a day of this month and week, 0 to 1.
    private static double Weight(Project project, DateOnly day) =>
        (project.Months[day.Month - 1] - '0') * (project.Days[((int)day.DayOfWeek + 6) % 7] - '0') / 81.0;

    // A watch of the search party that began three hours ago or earlier and is not over: attendance is recorded of work that is
    // over, and nobody publishes a shift that is.
    private void MakeShiftInProgress(DateTimeOffset end)
    {
        var host = Cast.Hosts[4];
        var zone = Regions.Find(host.Regions[0])!.Zone;
        var local = TimeZoneInfo.ConvertTime(end.AddHours(-3), TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime;
        var start = local.Hour >= 20 ? local.Date.AddHours(20) : local.Hour >= 8 ? local.Date.AddHours(8) : local.Date.AddHours(-4);
        var watch = _volunteers.Where(volunteer => host.Regions.Contains(volunteer.Profile.Region)).OrderBy(_ => _random.Next()).Take(6).ToList();
        _vacancies.Add(new(
            host, host.Projects[0], "Дежурство штаба", "Сутки на связи: приём заявок, обзвон, координация групп. Можно взять часть смены.", host.Regions[0],
            [new NewVacancyShift(DateTime.SpecifyKind(start, DateTimeKind.Unspecified), zone, 24 * 60, 8)], Closed: false,
            [.. watch.Select((volunteer, place) => new PlannedApplication(
                volunteer.UserName, Pick(Cast.Messages), place < 5 ? Answer.Accepted : Answer.None, place < 4 ? Pick([60, 120, 180]) : null))]));
    }

    private static string Describe(Project project, int shifts) => string.Create(CultureInfo.InvariantCulture,
        $"Зовём на {(shifts == 1 ? "одну смену" : "несколько смен, можно выбрать")}. Опыт не нужен: научим на месте. "
            + $"Вид работ: {TaskTypes.Find(project.TaskType)!.Russian.ToLowerInvariant()}.");

    private static Shift ShiftOn(DateOnly day, int hour, string zone, int minutes) => new(day.ToDateTime(new TimeOnly(hour, 0)), zone, minutes);

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
