using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>One trace shows the whole way of a confirmation.</summary>
[Collection(RunningSystem.Shared)]
public sealed class TraceTests(RunningSystem running)
{
    [Fact]
    public async Task a_confirmation_is_one_trace_from_the_gateway_to_reporting()
    {
        using var nobody = await running.NobodyAsync();
        using var kept = running.Telemetry.Keep();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        var entry = await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry());
        await world.Coordinator.ConfirmAsync(CaseIds.Of(entry.Id, 1), world.Key);

        await Eventually.Is(() =>
        {
            var spans = running.Telemetry.Spans.ToList();
            var reporting = spans.Where(span => span is { Service: "reporting", Name: "handle EntryConfirmedV1" }).ToList();
            reporting.ShouldNotBeEmpty();
            // The one that began with a coordinator's confirmation: others began with a sheet that confirmed by itself, or with a catch-up.
            // The latest of them: of an earlier one a span may have been lost while everything started.
            var trace = reporting.Select(span => spans.Where(other => other.TraceId == span.TraceId).ToList())
                .LastOrDefault(all => all.Any(span => span is { Service: "verification", Name: "POST /api/v1/cases/{id:guid}/confirmation" }))
                .ShouldNotBeNull();
            foreach (var (service, name) in new[]
            {
                ("gateway", "POST /api/v1/cases/{**rest}"), ("verification", "marten.connection"), ("verification", "publish CaseConfirmedV1"),
                ("ledger", "handle CaseConfirmedV1"), ("ledger", "publish EntryConfirmedV1"), ("reporting", "handle EntryConfirmedV1"),
            })
            {
                trace.ShouldContain(
                    span => span.Service == service && span.Name == name,
                    $"{service}: {name} is not in [{string.Join(", ", trace.Select(span => $"{span.Service}: {span.Name}"))}]");
            }

            // Unbroken: every span but the first has its parent in the trace.
            var known = trace.Select(span => span.SpanId).ToHashSet();
            trace.Count(span => !known.Contains(span.ParentSpanId))
                .ShouldBe(1, string.Join("; ", trace.Where(span => !known.Contains(span.ParentSpanId)).Select(span => $"{span.Service}: {span.Name}")));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task no_token_of_a_link_leaves_a_process_in_telemetry_or_in_its_log()
    {
        using var nobody = await running.NobodyAsync();
        using var kept = running.Telemetry.Keep();
        var system = await running.SystemAsync();
        using var http = new HttpClient { BaseAddress = system.Gateway };
        var tokens = new List<string>();
        foreach (var path in new[]
        {
            "shared/{0}",
            "shared/{0}/file",
            "inquiry/{0}",
            "api/v1/shared-extracts/{0}",
            "api/v1/inquiries/{0}",
            "check?number={0}",
            "signin-oidc?code={0}&state=1",
            "nowhere/{0}",
        })
        {
            tokens.Add(System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
            using var answer = await http.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, tokens[^1]));
        }

        // A link that is taken: its own refusal, and its Referer.
        using var request = new HttpRequestMessage(HttpMethod.Get, "check");
        request.Headers.Referrer = new Uri(system.Gateway, "shared/" + tokens[0]);
        using var second = await http.SendAsync(request);
        await Eventually.Is(() =>
        {
            running.Telemetry.Spans.ShouldContain(span => span.Service == "portal" && span.Name == "GET /inquiry/{Token}");
            running.Telemetry.Spans.ShouldContain(span => span.Service == "ledger" && span.Name.Contains("shared-extracts", StringComparison.Ordinal));
            return Task.CompletedTask;
        });
        await Task.Delay(TimeSpan.FromSeconds(3));

        var exported = running.Telemetry.Messages.Select(System.Text.Encoding.Latin1.GetString).ToList();
        var logs = await Task.WhenAll(RunningGraph.Names.Select(system.OutputAsync));
        foreach (var token in tokens)
        {
            exported.ShouldNotContain(message => message.Contains(token, StringComparison.Ordinal));
            logs.ShouldNotContain(lines => lines.Contains(token, StringComparison.Ordinal));
        }
    }
}
