using System.Net;
using System.Net.Http.Json;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>The analysts' feed: the log as CloudEvents, in order, without what is withheld.</summary>
public sealed class EventFeedTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private RunningService counting = null!;

    public async ValueTask InitializeAsync() => counting = await system.CountingAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task an_event_has_the_form_of_cloudevents()
    {
        var person = Guid.NewGuid();
        using var client = counting.Client(system.Authority.PersonToken(person));
        client.DefaultRequestHeaders.Add("X-Correlation-Id", "its-own");
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 7, note = "втайне" })).IdAsync();

        var happened = (await ReadAsync($"?stream={id}", 1)).Single();
        happened.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["specversion", "id", "source", "type", "subject", "time", "sequence", "streamversion", "by", "correlationid", "datacontenttype", "data"]);
        happened.GetProperty("specversion").GetString().ShouldBe("1.0");
        happened.GetProperty("id").GetGuid().ShouldNotBe(Guid.Empty);
        happened.GetProperty("source").GetString().ShouldBe("/counting");
        happened.GetProperty("type").GetString().ShouldBe("counted");
        happened.GetProperty("subject").GetGuid().ShouldBe(id);
        happened.GetProperty("time").GetDateTimeOffset().ShouldBeInRange(before, DateTimeOffset.UtcNow.AddSeconds(1));
        happened.GetProperty("time").GetString().ShouldEndWith("Z");
        happened.GetProperty("sequence").GetString().ShouldNotBeNull().ShouldAllBe(character => char.IsAsciiDigit(character));
        happened.GetProperty("streamversion").GetInt32().ShouldBe(1);
        happened.GetProperty("by").GetString().ShouldBe(person.ToString());
        happened.GetProperty("correlationid").GetString().ShouldBe("its-own");
        happened.GetProperty("datacontenttype").GetString().ShouldBe("application/json");
        // The note is not told.
        happened.GetProperty("data").ToString().Replace(" ", "", StringComparison.Ordinal).ShouldBe("""{"by":7}""");
    }

    [Fact]
    public async Task a_reader_that_others_wrote_takes_every_event_and_finds_its_attributes_valid()
    {
        var from = await LastAsync();
        var person = Guid.CreateVersion7();
        using var client = counting.Client(system.Authority.PersonToken(person));
        client.DefaultRequestHeaders.Add("X-Correlation-Id", "its-own");
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 7, note = "втайне" })).IdAsync();
        var nobodys = (await counting.AppendAsync(1)).Single();

        // It refuses an attribute whose name or value the specification does not allow, and an event that lacks one it asks for.
        var told = (await ReadAsync($"?after={from}", 2)).Select(line => (Line: line, Event: new JsonEventFormatter().DecodeStructuredModeMessage(
            Encoding.UTF8.GetBytes(line.GetRawText()), new ContentType("application/cloudevents+json; charset=utf-8"), Extensions))).ToList();
        told.Count.ShouldBe(2);
        foreach (var (line, read) in told)
        {
            read.SpecVersion.ShouldBe(CloudEventsSpecVersion.V1_0);
            Guid.Parse(read.Id!).ShouldNotBe(Guid.Empty);
            read.Source.ShouldBe(new Uri("/counting", UriKind.Relative));
            read.Type.ShouldBe("counted");
            read.Time.ShouldBe(line.GetProperty("time").GetDateTimeOffset());
            read.DataContentType.ShouldBe("application/json");
            read["sequence"].ShouldBe(line.GetProperty("sequence").GetString());
            read["streamversion"].ShouldBe(1);
            read.Data.ShouldBeOfType<JsonElement>().GetProperty("by").GetInt32().ShouldBe(line.GetProperty("data").GetProperty("by").GetInt32());
            // Beyond these it found nothing that it would have to guess the type of.
            read.ExtensionAttributes.ShouldBeSubsetOf(Extensions);
        }

        told.Select(each => each.Event.Subject).ShouldBe([id.ToString(), nobodys.ToString()]);
        told.Select(each => each.Event["by"]).ShouldBe([person.ToString(), null]);
        told.Select(each => each.Event["correlationid"]).First().ShouldBe("its-own");
    }

    [Theory]
    [InlineData("""{"by": 7, "done": true, "note": "втайне", "nothing": null}""", """{"by": 7,"done": true,"nothing": null}""")]
    [InlineData(
        """{"id": "019ac0de-5a5a-7000-8000-000000000001", "at": "2026-05-09T10:00:00.5+00:00", "day": "2026-05-09"}""",
        """{"id": "019ac0de-5a5a-7000-8000-000000000001","at": "2026-05-09T10:00:00.5+00:00","day": "2026-05-09"}""")]
    [InlineData(
        """{"facts": {"zone": "Europe/Moscow", "place": "дома у Анны", "shifts": [{"minutes": 7, "note": "у Анны"}, {"minutes": 8}]}}""",
        """{"facts": {"zone": "Europe/Moscow","shifts": [{"minutes": 7},{"minutes": 8}]}}""")]
    [InlineData("""{"documents": [{"title": "Справка Анны"}], "facts": {}, "new": {"words": "Анна"}, "many": ["Анна"]}""", """{"facts": {}}""")]
    [InlineData("""{"zo\u006ee": "Анна", "zone": "a\"b\\"}""", """{"zone": "a\"b\\"}""")]
    public void what_may_hold_words_is_told_only_by_name(string stored, string told)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new Told(["facts", "zone", "shifts"]).Write(output, Encoding.UTF8.GetBytes(stored));
        Encoding.UTF8.GetString(output.WrittenSpan).Replace(": ", ":", StringComparison.Ordinal).ShouldBe(told.Replace(": ", ":", StringComparison.Ordinal));
    }

    [Fact]
    public async Task extension_attributes_have_names_that_cloudevents_allows()
    {
        await counting.AppendAsync(1);
        (await ReadAsync("", 1))[0].EnumerateObject()
            .ShouldAllBe(member => member.Name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character)));
    }

    [Fact]
    public async Task events_come_in_the_order_of_the_log_and_a_reader_goes_on_where_it_stopped()
    {
        var from = await LastAsync();
        var streams = await counting.AppendAsync(50);
        var all = await ReadAsync($"?after={from}", 50);
        all.Select(Sequence).ShouldBeInOrder();
        all.Select(happened => happened.GetProperty("subject").GetGuid()).ShouldBe(streams);

        var rest = await ReadAsync($"?after={Sequence(all[19])}", 30);
        rest.Select(Sequence).ShouldBe(all.Skip(20).Select(Sequence));
        (await ReadAsync($"?after={Sequence(all[^1])}", 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task events_are_chosen_by_type_stream_and_time()
    {
        var from = await LastAsync();
        var early = await counting.AppendAsync(3);
        var between = (await ReadAsync($"?stream={early[^1]}", 1))[0].GetProperty("time").GetDateTimeOffset().AddMicroseconds(1);
        var late = await counting.AppendAsync(2);
        await ReadAsync($"?after={from}", 5);

        var time = Uri.EscapeDataString(between.ToString("O"));
        (await ReadAsync($"?after={from}&types=counted", 5)).Count.ShouldBe(5);
        (await ReadAsync($"?after={from}&types=nothing_yet,counted", 5)).Count.ShouldBe(5);
        (await ReadAsync($"?after={from}&types=nothing_yet", 0)).ShouldBeEmpty();
        (await ReadAsync($"?after={from}&types=", 5)).Count.ShouldBe(5);
        (await ReadAsync($"?stream={late[0]}", 1)).Single().GetProperty("subject").GetGuid().ShouldBe(late[0]);
        (await ReadAsync($"?after={from}&to={time}", 3)).Select(happened => happened.GetProperty("subject").GetGuid()).ShouldBe(early);
        (await ReadAsync($"?after={from}&from={time}", 2)).Select(happened => happened.GetProperty("subject").GetGuid()).ShouldBe(late);
    }

    [Fact]
    public async Task a_type_that_there_is_not_is_refused()
    {
        using var analyst = counting.Client(system.Authority.MachineToken("analyst", "events"));
        foreach (var types in new[] { "count", "COUNTED", "counted,count" })
        {
            using var response = await analyst.GetAsync(Feed($"?types={types}"));
            (await response.ProblemAsync(HttpStatusCode.BadRequest, "unknown-value")).Errors!.Keys.ShouldBe(["types"]);
        }
    }

    [Fact]
    public async Task the_state_says_up_to_where_a_reader_of_the_whole_log_gets_and_of_what_types()
    {
        using var analyst = counting.Client(system.Authority.MachineToken("analyst", "events"));
        await counting.AppendAsync(1);
        var state = await analyst.GetFromJsonAsync<LogState>(State, Http.Json);
        state!.Types.ShouldContain("counted");
        state.Types.ShouldBe(state.Types.Order(StringComparer.Ordinal));
        var last = (await ReadAsync($"?after={state.Position - 1}", 1))[0];
        Sequence(last).ShouldBe(state.Position);
        last.GetProperty("time").GetDateTimeOffset().ShouldBe(state.At!.Value);
        // A type that the state names is one that may be asked for.
        foreach (var type in state.Types) (await analyst.GetAsync(Feed("?types=" + type))).StatusCode.ShouldBe(HttpStatusCode.OK, type);

        await (await counting.Client(system.Person()).GetAsync(State)).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task the_feed_is_for_analysts()
    {
        using var nobody = counting.Client();
        await (await nobody.GetAsync(Feed())).ProblemAsync(HttpStatusCode.Unauthorized);
        using var person = counting.Client(system.Person());
        await (await person.GetAsync(Feed())).ProblemAsync(HttpStatusCode.Forbidden);
        using var organisation = counting.Client(system.Authority.MachineToken("organisation", "organisation"));
        await (await organisation.GetAsync(Feed())).ProblemAsync(HttpStatusCode.Forbidden);
        foreach (var token in new[]
        {
            system.Authority.MachineToken("analyst", "events"),
            system.Authority.PersonToken(Guid.NewGuid(), "analyst"),
            system.Authority.PersonToken(Guid.NewGuid(), "administrator"),
        })
        {
            using var analyst = counting.Client(token);
            using var response = await analyst.GetAsync(Feed());
            await response.ShouldBeAsync(HttpStatusCode.OK);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        }
    }

    [Theory]
    [InlineData("?after=first", "after")]
    [InlineData("?stream=7", "stream")]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?to=tomorrow", "to")]
    public async Task a_bad_choice_is_a_problem_that_names_the_field(string query, string field)
    {
        using var analyst = counting.Client(system.Authority.MachineToken("analyst", "events"));
        using var response = await analyst.GetAsync(Feed(query));
        (await response.ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    private static readonly CloudEventAttribute[] Extensions =
    [
        CloudEventAttribute.CreateExtension("sequence", CloudEventAttributeType.String),
        CloudEventAttribute.CreateExtension("streamversion", CloudEventAttributeType.Integer),
        CloudEventAttribute.CreateExtension("by", CloudEventAttributeType.String),
        CloudEventAttribute.CreateExtension("correlationid", CloudEventAttributeType.String),
    ];

    private static readonly Uri State = new("/api/v1/events/counting/state", UriKind.Relative);

    private static Uri Feed(string query = "") => new($"/api/v1/events/counting{query}", UriKind.Relative);

    private static long Sequence(JsonElement happened) =>
        long.Parse(happened.GetProperty("sequence").GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<long> LastAsync() => (await counting.QueryAsync<long>("select coalesce(max(seq_id), 0) from mt_events"))[0];

    /// <summary>Reads the feed until it holds so many events: it follows the log by moments.</summary>
    private async Task<IReadOnlyList<JsonElement>> ReadAsync(string query, int events)
    {
        using var analyst = counting.Client(system.Authority.MachineToken("analyst", "events"));
        return await Eventually.Value(async () =>
        {
            using var response = await analyst.GetAsync(Feed(query));
            await response.ShouldBeAsync(HttpStatusCode.OK);
            var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Length.ShouldBeGreaterThanOrEqualTo(events);
            return (IReadOnlyList<JsonElement>)[.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
        });
    }
}
