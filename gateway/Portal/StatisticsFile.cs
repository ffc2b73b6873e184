using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal;

/// <summary><c>GET /statistics.csv</c>: what the page of the statistics shows, for a spreadsheet; the same parameters.</summary>
public static class StatisticsFile
{
    public static void MapStatisticsFile(this IEndpointRouteBuilder routes) => routes.MapGet("/statistics.csv", Handle).AllowAnonymous();

    static async Task<IResult> Handle(
        Reporting reporting, CancellationToken ct,
        string? from = null, string? to = null, string? region = null, string? taskType = null, string? organisationId = null)
    {
        var data = await reporting.Statistics(from, to, region, taskType, organisationId);
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        // A name that begins like a formula must not become one.
        await using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape }))
        {
            foreach (var title in new[] { "by", "key", "name", "minutes", "entries" }) csv.WriteField(title);
            await csv.NextRecordAsync();
            foreach (var (by, totals, name) in new (string, IReadOnlyList<Total>, Func<Total, string>)[]
            {
                ("month", data.ByMonth, total => Say.Month(total.Key)),
                ("region", data.ByRegion, total => Say.Region(total.Key)),
                ("taskType", data.ByTaskType, total => Say.TaskType(total.Key)),
                ("organisation", data.ByOrganisation, total => total.Name ?? ""),
            })
            {
                foreach (var total in totals)
                {
                    csv.WriteField(by);
                    csv.WriteField(total.Key);
                    csv.WriteField(name(total));
                    csv.WriteField(total.Minutes);
                    csv.WriteField(total.Entries);
                    await csv.NextRecordAsync();
                }
            }
        }

        // With a byte order mark, or Excel takes it for another encoding.
        return TypedResults.Bytes([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())], "text/csv; charset=utf-8", "statistics.csv");
    }
}
