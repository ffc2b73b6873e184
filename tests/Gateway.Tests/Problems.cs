using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace VolunteerBook.Gateway.Tests;

public static class Problems
{
    /// <summary>The answer is a problem detail of this status and code, and says which trace it belongs to.</summary>
    public static async Task ShouldBeProblemAsync(this HttpResponseMessage answer, int status, string code)
    {
        ((int)answer.StatusCode).ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("type").GetString().ShouldBe("https://volunteerbook.example/problems/" + code);
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }
}
