using System.Diagnostics;
using System.Text.Json.Nodes;
using UglyToad.PdfPig;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// An extract of 200 entries that 200 statements are attached to, signed and time-stamped, against the same pages
/// unsigned; in pages a second, one after the other.
/// </summary>
internal static class ExtractBench
{
    private const int Rounds = 20;

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var now = new DateTimeOffset(2026, 5, 9, 12, 0, 0, TimeSpan.Zero);
        var portal = PortalCertificates.Issue("АНО «Книжка волонтёра»", DateTimeOffset.UtcNow);
        var authority = new PortalTimeStampAuthority(portal.TimeStamps, TimeProvider.System);
        var document = Document(now);
        var pages = ExtractPdf.Pages(document);
        using var pdf = PdfDocument.Open(pages);
        var count = pdf.NumberOfPages;

        // In turn, so that whatever else the machine does weighs on both; the first rounds warm up.
        var (signed, unsigned) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var round = -3; round < Rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            ExtractPdf.Pages(document);
            var without = clock.Elapsed;
            await SignedExtract.Make(document, portal.Documents, authority, ct);
            if (round >= 0)
            {
                (unsigned, signed) = (unsigned + without, signed + clock.Elapsed - without);
            }
        }

        Ground.Report(
            "extract-of-200-entries-signed", Rounds * count / signed.TotalSeconds, Rounds * count / unsigned.TotalSeconds, $"pages/s ({count} pages)");
    }

    private static ExtractDocument Document(DateTimeOffset now)
    {
        using var key = Es256Key.Create();
        var entries = Enumerable.Range(0, 200).Select(number => Entry(number, key)).ToList();
        return new ExtractDocument
        {
            Number = "VB-2026-00000-00000",
            IssuedAt = now,
            Zone = "Europe/Moscow",
            Language = "ru",
            Issuer = "Книжка волонтёра",
            CheckUrl = "https://volunteerbook.example/check/VB-2026-00000-00000",
            Holder = new ExtractHolder(Guid.Empty, "Ёлкина Алёна Всеволодовна"),
            Scope = new ExtractScope(ExtractScopeKind.WholeBook),
            AsOf = now,
            Totals = ExtractDocument.TotalsOf(entries),
            Points = 0,
            Entries = entries,
        };
    }

    private static ExtractEntry Entry(int number, Es256Key key)
    {
        var entry = new ExtractEntry
        {
            EntryId = Guid.CreateVersion7(),
            OrganisationId = Guid.Empty,
            Organisation = "Экологический центр «Чистый берег»",
            Project = "Уборка берегов Волги",
            TaskType = "D12",
            TaskTypeName = "Уборка территории",
            Region = "RU-MOW",
            RegionName = "Москва",
            Shifts = [new Shift(new DateTime(2024, 1, 6, 10, 0, 0).AddDays(number), "Europe/Moscow", 240)],
            Minutes = 240,
            Grade = EvidenceGrade.Signed,
        };
        var statement = CanonicalJson.Bytes(
            new JsonObject { ["entryId"] = entry.EntryId.ToString(), ["project"] = entry.Project, ["minutes"] = entry.Minutes });
        return entry with { Signature = new OrganisationSignature(key.Sign(statement), key.Public) };
    }
}
