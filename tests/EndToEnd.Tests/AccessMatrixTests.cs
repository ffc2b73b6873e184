using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>AccessMatrix.md, row by row: every endpoint of every service has one, and behaves so through the gateway.</summary>
[Collection(RunningSystem.Shared)]
public sealed class AccessMatrixTests(RunningSystem running)
{
    private static readonly string[] Services = ["profiles", "ledger", "verification", "vacancies", "reporting"];

    [Fact]
    public async Task every_endpoint_has_a_row_and_every_row_an_endpoint()
    {
        var endpoints = (await EndpointsAsync()).Keys;
        Rows().Keys.Order().ShouldBe(endpoints.Order());
    }

    [Fact]
    public async Task every_row_is_true()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await WorldOfTheMatrix.MakeAsync(nobody, await running.SystemAsync());
        var endpoints = await EndpointsAsync();
        var wrong = new List<string>();
        foreach (var row in Rows().Values)
        {
            var body = endpoints[row.Endpoint];
            await ExpectAsync("own", row.Rightful, row.Own, absent: false);
            await ExpectAsync("foreign", row.Stranger, row.Foreign, absent: false);
            await ExpectAsync("absent", row.Rightful, row.Absent, absent: true);
            await ExpectAsync("nobody", "nobody", row.Nobody, absent: false);
            await ExpectAsync("machine", "machine", row.Machine, absent: false);

            async Task ExpectAsync(string column, string principal, string statuses, bool absent)
            {
                if (statuses.Length == 0)
                {
                    return;
                }

                var (method, path) = row.Endpoint.Split(' ') is [var verb, var template]
                    ? (new HttpMethod(verb), world.Path(verb, template, absent))
                    : default;
                var etag = body.NeedsVersion ? "\"9999\"" : null;
                var reply = await world.Principal(principal)
                    .SendAsync(method, path, body.HasBody ? JsonContent.Create(world.Body(row.Endpoint, body.Example)) : null, etag: etag);
                var status = ((int)reply.Status).ToString(CultureInfo.InvariantCulture);
                if (!statuses.Split(' ').Contains(status))
                {
                    wrong.Add($"{row.Endpoint}: {column} ({principal}) is {status}, not {statuses}: {reply.Text}");
                }
            }
        }

        wrong.ShouldBeEmpty();
    }

    internal static Dictionary<string, Row> Rows() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "AccessMatrix.md"))
        .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains("/api/", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])
        .Select(cells => new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]))
        .ToDictionary(row => row.Endpoint);

    /// <summary>What the services' own documents say there is, with an example of the body where one is needed.</summary>
    private async Task<Dictionary<string, Endpoint>> EndpointsAsync()
    {
        var system = await running.SystemAsync();
        using var http = new HttpClient();
        var endpoints = new Dictionary<string, Endpoint>();
        foreach (var service in Services)
        {
            var document = JsonNode.Parse(await http.GetStringAsync(
                new Uri(system.Address(service), "/openapi/v1.json"), TestContext.Current.CancellationToken))!;
            document["openapi"]!.GetValue<string>().ShouldStartWith("3.1");
            foreach (var (path, operations) in document["paths"]!.AsObject())
            {
                foreach (var (method, operation) in operations!.AsObject())
                {
                    var name = $"{method.ToUpperInvariant()} {path}";
                    var example = operation!["requestBody"]?["content"]?["application/json"]?["example"];
                    var needsBody = operation["requestBody"] is not null;
                    if (needsBody)
                    {
                        example.ShouldNotBeNull($"{name} shows no example of its body");
                    }

                    operation["security"].ShouldNotBeNull($"{name} says nothing of who may call it");
                    operation["responses"]!.AsObject().Select(response => response.Key).ShouldContain("404", $"{name} names no problems");
                    endpoints.Add(name, new Endpoint(
                        needsBody, example, operation["parameters"]?.AsArray().Any(parameter => parameter!["name"]?.GetValue<string>() == "If-Match") == true));
                }
            }
        }

        return endpoints;
    }

    internal sealed record Row(string Endpoint, string Rightful, string Own, string Stranger, string Foreign, string Absent, string Nobody, string Machine);

    private sealed record Endpoint(bool HasBody, JsonNode? Example, bool NeedsVersion);
}

/// <summary>One of everything that the matrix speaks of.</summary>
internal sealed class WorldOfTheMatrix : IDisposable
{
    private readonly string agency;
    private readonly string volunteer;
    private readonly string coordinator;
    private readonly Dictionary<string, Api> principals;
    private readonly AWorld a;
    private readonly Guid entry;
    private readonly Guid vacancy;
    private readonly Guid application;
    private readonly Guid sheet;
    private readonly Guid extract;

    private readonly Guid grant;
    private readonly Guid delivery;
    private readonly Guid delegation;
    private readonly Guid review;
    private readonly (Guid Id, string Link) shared;

    private WorldOfTheMatrix(
        (string Agency, string Volunteer, string Coordinator) names, Dictionary<string, Api> principals, AWorld a, Guid entry, Guid vacancy, Guid application,
        Guid sheet, Guid extract, (Guid, string) shared, Guid grant, Guid delivery, Guid delegation, Guid review) =>
        (
            agency, volunteer, coordinator, this.principals, this.a, this.entry, this.vacancy, this.application, this.sheet, this.extract, this.shared,
            this.grant, this.delivery, this.delegation, this.review) =
        (
            names.Agency, names.Volunteer, names.Coordinator, principals, a, entry, vacancy,
            application, sheet, extract, shared, grant, delivery, delegation, review);

    /// <summary>A world of its own for each number: 0, 1.</summary>
    public static async Task<WorldOfTheMatrix> MakeAsync(Api nobody, RunningGraph system, int nth = 0)
    {
        var (agency, volunteerName, coordinatorName) = (Secrets.Agencies[nth], DemoAccounts.Volunteer(20 + (2 * nth)), DemoAccounts.Coordinator(1 + (2 * nth)));
        var a = await AWorld.MakeAsync(nobody, coordinatorName);
        using var b = await AWorld.MakeAsync(nobody, DemoAccounts.Coordinator(2 + (2 * nth)));
        var principals = new Dictionary<string, Api>
        {
            ["nobody"] = nobody,
            ["volunteer"] = nobody.Person(volunteerName),
            ["person"] = await nobody.Person(DemoAccounts.Volunteer(21 + (2 * nth))).WithANameAsync(),
            ["coordinatorA"] = await a.Coordinator.WithANameAsync(),
            ["coordinatorB"] = b.Coordinator,
            ["administrator"] = nobody.Person(DemoAccounts.Admin),
            ["machine"] = nobody.Machine("analyst", system.Secrets.AnalystClient, "events"),
            ["agency"] = nobody.Machine(agency, system.Secrets.AgencyClient(agency), "agency"),
        };
        var volunteer = principals["volunteer"];
        await volunteer.RegisterVolunteerAsync(new NewVolunteer(
            new PersonName("Матрицына", "Вера"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("vera@example.org")));
        var entry = (await volunteer.PostAsync<EntryReceipt>("entries", a.AnEntry())).Id;
        await a.Coordinator.CaseAsync(CaseIds.Of(entry, 1));
        var start = AWorld.AnHourAgoInMoscow();
        var offer = new NewVacancy(a.Organisation.Id, "Помощь в приюте", "Выгул собак", "E21", "RU-MOW", [new NewVacancyShift(start, "Europe/Moscow", 180, 5)]);
        Made? vacancy = null;
        await Eventually.Is(async () => vacancy = await a.Coordinator.PostAsync<Made>("vacancies", offer));
        await Eventually.Is(async () => await b.Coordinator.PostAsync<Made>("vacancies", offer with { OrganisationId = b.Organisation.Id }));
        var shift = (await nobody.GetAsync<Vacancy>($"vacancies/{vacancy!.Id}")).Shifts[0].Id;
        var application = (await volunteer.PostAsync<Made>($"vacancies/{vacancy.Id}/applications", new NewApplication(null, [shift]))).Id;
        var rows = new[] { new { volunteer_id = DemoAccounts.Id(volunteerName), start = "2026-05-09T12:00", zone = "Europe/Moscow", minutes = 60 } };
        var sheet = (await a.Coordinator.PostAsync<Made>($"sheets?organisationId={a.Organisation.Id}", rows)).Id;
        var extract = (await volunteer.PostAsync<Made>("extracts", new { language = "ru" })).Id;
        var shared = await volunteer.PostAsync<MadeLink>($"extracts/{extract}/deliveries", new { recipient = "Приёмная комиссия" });
        var (grant, delivery) = await GrantAsync(principals, agency);
        var delegation = (await a.Coordinator.PostAsync<Made>(
            "delegations", new { organisationId = a.Organisation.Id, personId = Guid.CreateVersion7(), until = DateTimeOffset.UtcNow.AddDays(7) })).Id;
        var reviewed = (await volunteer.PostAsync<EntryReceipt>("entries", a.AnEntry(day: 2))).Id;
        await a.Coordinator.ConfirmAsync(CaseIds.Of(reviewed, 1), a.Key);
        var review = (await volunteer.PostAsync<Made>($"cases/{CaseIds.Of(reviewed, 1)}/reviews", new { rating = 5, text = "Хорошо" })).Id;
        return new WorldOfTheMatrix(
            (agency, volunteerName, coordinatorName), principals, a, entry, vacancy.Id, application,
            sheet, extract, (shared.Id, shared.Link), grant, delivery, delegation, review);
    }

    /// <summary>The agency is registered and has a webhook where nobody listens; the volunteer gives it a grant, of which a message tells that waits.</summary>
    private static async Task<(Guid Grant, Guid Delivery)> GrantAsync(Dictionary<string, Api> principals, string agency)
    {
        var purpose = new { code = "admission", description = new { russian = "Поступление", english = "Admission" } };
        await principals["administrator"].PutAsync(
            $"agencies/{agency}",
            new { name = new { russian = "Приёмная комиссия", english = "Admissions office" }, kind = "education", purposes = new[] { purpose } },
            etag: "\"0\"");
        await principals["agency"].PutAsync("agency/webhook", new { url = "https://agency.example/volunteerbook" }, etag: "\"0\"");
        var grant =
            (await principals["volunteer"].PostAsync<Made>("grants", new { agency, purpose = "admission", gives = "entries", until = AYearFromNow() })).Id;
        Page<Made>? deliveries = null;
        await Eventually.Is(async () => (deliveries = await principals["agency"].GetAsync<Page<Made>>("agency/deliveries")).Items.Count > 0);
        return (grant, deliveries!.Items[0].Id);
    }

    private static DateOnly AYearFromNow() => DateOnly.FromDateTime(DateTime.UtcNow.AddYears(1));

    public Api Principal(string name) => principals[name];

    public string Path(string method, string template, bool absent)
    {
        var id = absent ? Guid.CreateVersion7() : template.Split('/')[3] switch
        {
            "entries" => entry,
            "cases" => CaseIds.Of(entry, 1),
            "vacancies" => vacancy,
            "applications" => application,
            "sheets" => sheet,
            "extracts" => extract,
            "grants" => grant,
            "delegations" => delegation,
            "reviews" => review,
            "agency" => delivery,
            _ => a.Organisation.Id,
        };
        return (template == "/api/v1/organisations/{id}/people" ? template + "?q=anna" : template)
            .Replace("{id}", id.ToString(), StringComparison.Ordinal)
            .Replace("{personId}", DemoAccounts.Id(coordinator).ToString(), StringComparison.Ordinal)
            .Replace("{organisationId}", id.ToString(), StringComparison.Ordinal)
            .Replace("{clientId}", absent ? "agency-unknown" : agency, StringComparison.Ordinal)
            .Replace("{volunteerId}", $"{(absent ? id : DemoAccounts.Id(volunteer))}?purpose=admission", StringComparison.Ordinal)
            .Replace("{sheetId}", (absent ? id : sheet).ToString(), StringComparison.Ordinal)
            .Replace("{line}", "1", StringComparison.Ordinal)
            .Replace("{listId}", method == "GET" ? $"{sheet}?numbers=1" : $"{sheet}", StringComparison.Ordinal)
            .Replace("{invitationId}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal)
            .Replace("{form}", "education", StringComparison.Ordinal)
            .Replace("{kid}", a.Key.Kid, StringComparison.Ordinal)
            .Replace("{path}", "0/000.p/1", StringComparison.Ordinal)
            .Replace("{number}", "VB-2026-00000-00000", StringComparison.Ordinal)
            .Replace("{list}", "0", StringComparison.Ordinal)
            .Replace("{deliveryId}", shared.Id.ToString(), StringComparison.Ordinal)
            .Replace("{token}", absent ? new string('0', 43) : shared.Link.Split('/')[^1], StringComparison.Ordinal)
            .Replace(
                "/sheets", template.EndsWith("/sheets", StringComparison.Ordinal) ? $"/sheets?organisationId={a.Organisation.Id}" : "/sheets",
                StringComparison.Ordinal)
            .Replace("/reviews/written", $"/reviews/written?organisationId={a.Organisation.Id}", StringComparison.Ordinal)
            .Replace(
                "/api/v1/reviews", template == "/api/v1/reviews" ? $"/api/v1/reviews?organisationId={a.Organisation.Id}" : "/api/v1/reviews",
                StringComparison.Ordinal)
            // A stream has no end; whether it would be opened, a refusal of its language tells.
            .Replace("/notifications/stream", "/notifications/stream?language=none", StringComparison.Ordinal)
            .Replace("/cases/submissions", $"/cases/submissions?ids={CaseIds.Of(entry, 1)}", StringComparison.Ordinal)
            .Replace("/names", $"/names?ids={DemoAccounts.Id(volunteer)}", StringComparison.Ordinal);
    }

    /// <summary>The document's example, about our organisation where it names one, and new where it must be.</summary>
    public JsonNode Body(string endpoint, JsonNode? example)
    {
        var body = example!.DeepClone();
        if (body is not JsonObject)
        {
            return body;
        }

        if (body["organisationId"] is not null)
        {
            body["organisationId"] = a.Organisation.Id;
        }

        if (body["until"] is { } until)
        {
            body["until"] = until.GetValue<string>().Contains('T', StringComparison.Ordinal)
                ? JsonValue.Create(DateTimeOffset.UtcNow.AddYears(1))
                : JsonValue.Create(AYearFromNow());
        }

        if (endpoint == "POST /api/v1/delegations")
        {
            body["from"] = DateTime.UtcNow;
            body["until"] = DateTime.UtcNow.AddDays(30);
        }

        if (endpoint == "POST /api/v1/organisations")
        {
            body["ogrn"] = AWorld.NextOgrn();
        }

        return body;
    }

    public void Dispose() => a.Dispose();

    private sealed record MadeLink(Guid Id, string Link);
}
