using System.Net;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>If-Match on a change: 428 without, 400 malformed, 412 stale.</summary>
public sealed class ExpectedVersionTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private RunningService counting = null!;
    private HttpClient client = null!;
    private Uri path = null!;

    public async ValueTask InitializeAsync()
    {
        counting = await system.CountingAsync();
        client = counting.Client(system.Person());
        path = new Uri($"/api/v1/counters/{await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync()}/counts", UriKind.Relative);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task a_change_names_the_version_it_was_made_on()
    {
        using var response = await ChangeAsync("\"1\"");
        await response.ShouldBeAsync(HttpStatusCode.NoContent);
        response.Version().ShouldBe(2);
    }

    [Fact]
    public async Task without_a_version_it_is_428()
    {
        using var response = await ChangeAsync(null);
        await response.ProblemAsync(HttpStatusCode.PreconditionRequired, "version-required");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("*")]
    [InlineData("W/\"1\"")]
    [InlineData("\"one\"")]
    [InlineData("\"-1\"")]
    [InlineData("\"01\"")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"99999999999999999999\"")]
    public async Task a_version_that_is_none_is_400(string version)
    {
        using var response = await ChangeAsync(version);
        (await response.ProblemAsync(HttpStatusCode.BadRequest, "malformed-version")).Errors!.Keys.ShouldBe(["If-Match"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task a_stale_version_is_412_and_says_which_is_current(long version)
    {
        using var response = await ChangeAsync($"\"{version}\"");
        var problem = await response.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        problem.More!["currentVersion"].GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task of_changes_on_one_version_at_the_same_time_one_succeeds()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => ChangeAsync("\"1\"")));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent))
        {
            await answer.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        }
    }

    private async Task<HttpResponseMessage> ChangeAsync(string? version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent("""{"by":1}""", System.Text.Encoding.UTF8, "application/json"),
        };
        if (version is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", version).ShouldBeTrue();
        }

        return await client.SendAsync(request);
    }
}
