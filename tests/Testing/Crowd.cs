using System.Net;
using Shouldly;

namespace VolunteerBook.Testing;

/// <summary>Four hundred requests at once: more than a service has connections to its database.</summary>
public static class Crowd
{
    private const int Size = 400;

    /// <summary>
    /// Sends them, once with a key for each and once with one key for all. Each is answered, and none by a breakdown; others are answered meanwhile.
    /// </summary>
    /// <param name="post">Sends a request under this Idempotency-Key.</param>
    /// <param name="bystander">What somebody else reads meanwhile.</param>
    /// <returns>The answers with keys of their own.</returns>
    public static async Task<IReadOnlyList<HttpStatusCode>> ShouldBeAnsweredAsync(
        Func<string, Task<HttpResponseMessage>> post, Func<Task<HttpResponseMessage>> bystander)
    {
        var each = await AtOnceAsync(_ => post(Guid.NewGuid().ToString()), bystander);
        var key = Guid.NewGuid().ToString();
        await AtOnceAsync(_ => post(key), bystander);
        return each;
    }

    private static async Task<IReadOnlyList<HttpStatusCode>> AtOnceAsync(Func<int, Task<HttpResponseMessage>> post, Func<Task<HttpResponseMessage>> bystander)
    {
        var all = Task.WhenAll(Enumerable.Range(0, Size).Select(async number =>
        {
            using var response = await post(number);
            return response.StatusCode;
        }));
        do
        {
            using var read = await bystander();
            await read.ShouldBeAsync(HttpStatusCode.OK);
        }
        while (!all.IsCompleted);
        var answers = await all;
        answers.ShouldAllBe(status => (int)status < 500);
        return answers;
    }
}
