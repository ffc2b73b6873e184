using System.Globalization;
using System.Text.Json.Nodes;
using Org.BouncyCastle.X509;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>A portal with its keys, organisations with theirs, and books to make documents of.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 5, 9, TimeSpan.FromHours(3));

    public static readonly PortalCertificates Portal = PortalCertificates.Issue("АНО «Книжка волонтёра»", Now);

    public static readonly IReadOnlyList<X509Certificate> Roots = [new X509Certificate(Portal.Root.RawData)];

    public static readonly ITimeStampAuthority Authority = new PortalTimeStampAuthority(Portal.TimeStamps, new StoppedClock(Now));

    public static readonly ExtractHolder Holder = new(
        new Guid("0192f3a1-1111-7abc-8def-000000000001"), "Ёлкина-Преображенская Алёна Всеволодовна", new DateOnly(2004, 2, 29));

    private static readonly Es256Key[] Keys = [Es256Key.Create(), Es256Key.Create(), Es256Key.Create()];

    private static readonly string[] Organisations =
    [
        "Экологический центр «Чистый берег»",
        "Государственное бюджетное учреждение здравоохранения «Детская городская клиническая больница № 13 имени Н. Ф. "
            + "Филатова Департамента здравоохранения города Москвы»",
        "АНО «Ёж»",
    ];

    private static readonly string[] Projects =
    [
        "Уборка берегов Волги", "Донорская суббота",
        "Всероссийская перепись городских ежей: учёт, маркировка, передержка и лечение-реабилитация", "Ночь музеев",
    ];

    /// <summary>An entry, with the organisation's own signature where its grade has one.</summary>
    public static ExtractEntry Entry(int number, EvidenceGrade? graded = null)
    {
        var organisation = number % 3;
        var grade = graded ?? (EvidenceGrade)(number % 5);
        var day = new DateTime(2024, 1, 6, 10, 0, 0).AddDays(number / 2);
        Shift[] shifts = number % 7 == 0
            ? [new(day, "Europe/Moscow", 90), new(day.AddDays(1), "Europe/Moscow", 245)]
            : number % 11 == 0 ? [new(day.AddHours(12), "Asia/Yekaterinburg", 300)] : [new(day, "Europe/Moscow", 60 + (number % 9 * 25))];
        var entry = new ExtractEntry
        {
            EntryId = Id(2, number),
            OrganisationId = Id(3, organisation),
            Organisation = Organisations[organisation],
            Project = Projects[number % 4],
            TaskType = number % 2 == 0 ? "cleanup" : "donors",
            TaskTypeName = number % 2 == 0 ? "Уборка территории" : "Помощь донорам",
            ResponsibilityLevel = number % 4 == 0 ? "Руководитель группы" : null,
            Place = number % 3 == 0 ? "с. Нижние Ёлки, пляж № 2" : null,
            Region = number % 3 == 0 ? "RU-KHM" : "RU-MOW",
            RegionName = number % 3 == 0 ? "Ханты-Мансийский автономный округ — Югра" : "Москва",
            Shifts = shifts,
            Minutes = shifts.Sum(shift => shift.Minutes),
            Volume = number % 5 == 0 ? 12.5m : null,
            VolumeUnit = number % 5 == 0 ? "мешков" : null,
            Points = number % 4,
            Grade = grade,
        };
        return grade == EvidenceGrade.Signed ? Sign(entry) : entry;
    }

    /// <summary>The entry with its organisation's signature over the statement as Verification makes it.</summary>
    public static ExtractEntry Sign(ExtractEntry entry) => Sign(entry, Statement(entry));

    /// <summary>The entry with its organisation's signature over another statement than its own.</summary>
    public static ExtractEntry Sign(ExtractEntry entry, JsonObject statement)
    {
        var key = Keys[Array.IndexOf(Organisations, entry.Organisation)];
        return entry with
        {
            Grade = EvidenceGrade.Signed,
            Signature = new OrganisationSignature(
                key.Sign(CanonicalJson.Bytes(statement)), key.Public, new JsonObject { ["leafIndex"] = 5, ["proof"] = new JsonArray("q83v") }),
        };
    }

    /// <summary>What the organisation signs.</summary>
    public static JsonObject Statement(ExtractEntry entry) => new()
    {
        ["form"] = "https://volunteerbook.example/statements/confirmation/1",
        ["caseId"] = Id(4, entry.Minutes).ToString(),
        ["entryId"] = entry.EntryId.ToString(),
        ["revision"] = 1,
        ["volunteerId"] = Holder.VolunteerId.ToString(),
        ["organisationId"] = entry.OrganisationId.ToString(),
        ["project"] = entry.Project,
        ["taskType"] = entry.TaskType,
        ["region"] = entry.Region,
        ["minutes"] = entry.Minutes,
        ["shifts"] = new JsonArray([.. entry.Shifts.Select(shift => new JsonObject
        {
            ["start"] = shift.Start.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            ["zone"] = shift.Zone,
            ["minutes"] = shift.Minutes,
        })]),
    };

    /// <summary>An extract from a book with so many entries.</summary>
    public static ExtractDocument Extract(int entries, string language = "ru", ExtractScope? scope = null)
    {
        var all = Enumerable.Range(0, entries).Select(number => InLanguage(Entry(number), language)).ToList();
        return new ExtractDocument
        {
            Number = "ВК-2026-000123-7QX4",
            IssuedAt = Now,
            Zone = "Europe/Moscow",
            Language = language,
            Issuer = language == "ru" ? "Электронная книжка волонтёра" : "Electronic Volunteer Book",
            CheckUrl = "https://book.volunteer.example/check/%D0%92%D0%9A-2026-000123-7QX4",
            Holder = language == "ru" ? Holder : Holder with { Name = "Alyona Preobrazhenskaya" },
            Scope = scope ?? new ExtractScope(ExtractScopeKind.WholeBook),
            AsOf = Now.AddMinutes(-5),
            Totals = ExtractDocument.TotalsOf(all),
            Points = all.Sum(entry => entry.Points),
            Entries = all,
        };
    }

    /// <summary>A certificate of hours about one signed entry.</summary>
    public static ExtractDocument Certificate(string language = "ru")
    {
        var entry = InLanguage(Entry(0, EvidenceGrade.Signed), language);
        return Extract(0, language, new ExtractScope(ExtractScopeKind.Event, Name: entry.Project)) with
        {
            Entries = [entry],
            Points = entry.Points,
            Totals = ExtractDocument.TotalsOf([entry]),
        };
    }

    public static Task<byte[]> Pdf(ExtractDocument document) => SignedExtract.Make(document, Portal.Documents, Authority);

    private static ExtractEntry InLanguage(ExtractEntry entry, string language) => language == "ru" ? entry : entry with
    {
        TaskTypeName = entry.TaskType == "cleanup" ? "Clean-up" : "Helping donors",
        RegionName = entry.Region == "RU-MOW" ? "Moscow" : "Khanty-Mansi Autonomous Okrug",
        ResponsibilityLevel = entry.ResponsibilityLevel is null ? null : "Group leader",
        VolumeUnit = entry.VolumeUnit is null ? null : "bags",
    };

    private static Guid Id(int kind, int number) => new($"0192f3a1-{kind:D4}-7abc-8def-{number:D12}");
}

/// <summary>A clock that stands still.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now.ToUniversalTime();
}
