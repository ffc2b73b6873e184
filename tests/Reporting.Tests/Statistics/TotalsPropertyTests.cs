using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.Testing;

namespace VolunteerBook.Reporting.Tests.Statistics;

/// <summary>The laws of the totals, over random histories handed to the real reader in orders that no broker would choose.</summary>
public sealed class TotalsPropertyTests(ReportingUnderTest reporting) : IClassFixture<ReportingUnderTest>
{
    private static readonly Dictionary<Guid, string> NoNames = [];

    private readonly List<IntegrationMessage> messages = [];

    private static readonly Gen<StatisticsFilter> Filters =
        from first in Gen.Int[202510, 202512]
        from last in Gen.Int[202601, 202604]
        from given in Gen.Bool.Array[5]
        from region in Gen.OneOf(Histories.Regions)
        from taskType in Gen.OneOf(Histories.TaskTypes)
        from organisation in Gen.OneOf(Histories.Organisations)
        select new StatisticsFilter(
            given[0] ? new Month(first) : null, given[1] ? new Month(last) : null,
            given[2] ? region : null, given[3] ? taskType : null, given[4] ? organisation : null);

    [Fact]
    [Trait("Feature", "N7")]
    public async Task totals_equal_a_sum_by_hand_and_a_replay_whatever_the_order_and_repetition_of_delivery()
    {
        using var anyone = reporting.Host.Client();
        var reading = reporting.Host.Services.GetRequiredService<Readers>().All.Single(reading => reading.Reader.Name == "hours");
        await Eventually.Is(async () => (await reading.PositionAsync(TestContext.Current.CancellationToken)).Log.ShouldNotBeNull());
        var said = new List<object>();

        // One after another in one database: each history lands among those before it.
        await Gen.Select(Histories.OfSomeEntries, Gen.Int[1, 3], Gen.Int, Filters.Array[4]).SampleAsync(async (words, times, seed, filters) =>
        {
            await DeliverAsync(reading, words, times, new Random(seed));
            said.AddRange(words);
            foreach (var filter in filters)
            {
                var open = await anyone.GetJsonAsync<OpenStatistics>($"/api/v1/statistics{Query(filter)}");
                Written(open).ShouldBe(Written(Expected.Open(said, filter, NoNames, 0)));
            }

            foreach (var volunteer in Histories.Volunteers)
            {
                using var client = reporting.Host.Client(reporting.Authority.PersonToken(volunteer));
                var own = await client.GetJsonAsync<MyStatistics>("/api/v1/statistics/me");
                Written(own).ShouldBe(Written(Expected.Own(said, volunteer, NoNames)));
                own.ConfirmedMinutes.ShouldBe(Expected.Union(said, volunteer));
            }
        }, iter: 40, threads: 1);

        // The replay: the same once more, from the feed, in its order, into an edition beside this one.
        var before = await TablesAsync("hours_v2");
        reporting.Ledger.Show(messages);
        Environment.SetEnvironmentVariable("ConnectionStrings__reporting", reporting.Database);
        (await ReadersCommand.RunAsync("reporting", ["rebuild", "--reader", "hours"])).ShouldBe(0);
        await Eventually.Is(async () => (await ReadersCommand.RunAsync("reporting", ["switch", "--reader", "hours", "--to", "2"])).ShouldBe(0));
        (await TablesAsync("hours_v2_2")).ShouldBe(before);
        before.Length.ShouldBeGreaterThan(100);
    }

    /// <summary>Every message so many times, shuffled; what came too early comes again, as the feed would bring it.</summary>
    private async Task DeliverAsync(Reading reading, object[] words, int times, Random random)
    {
        var messages = words.Select(reporting.Ledger.Number).ToList();
        this.messages.AddRange(messages);
        var handled = new HashSet<long>();
        while (handled.Count < messages.Count)
        {
            var deliveries = Enumerable.Repeat(messages, times).SelectMany(message => message).ToArray();
            random.Shuffle(deliveries);
            foreach (var message in deliveries)
            {
                if (await reading.HandleAsync([message], TestContext.Current.CancellationToken) == Handled.Now)
                {
                    handled.Add(message.Sequence).ShouldBeTrue("handled twice");
                }
            }
        }
    }

    // What is forgotten again may leave a sum of nothing behind.
    private async Task<string> TablesAsync(string schema)
    {
        await using var connection = new NpgsqlConnection(reporting.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            select (select string_agg(t::text, E'\n' order by t::text) from {schema}.totals t where entries <> 0 or minutes <> 0)
                || E'\n\n' || (select string_agg(h::text, E'\n' order by h::text) from {schema}.hours h)
            """, connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static string Query(StatisticsFilter filter) =>
        $"?from={filter.From}&to={filter.To}&region={filter.Region}&taskType={filter.TaskType}&organisationId={filter.OrganisationId}";

    private static string Written<T>(T figures) => JsonSerializer.Serialize(figures, Http.Json);
}
