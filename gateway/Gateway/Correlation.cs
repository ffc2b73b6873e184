using System.Buffers;
using System.Diagnostics;

namespace VolunteerBook.Gateway;

/// <summary>
/// Every request carries an X-Correlation-Id, in the services' histories too: the caller's own when it is plain, else the trace's id.
/// The answer names it.
/// </summary>
public static class Correlation
{
    public const string Header = "X-Correlation-Id";
    const int Longest = 64;
    static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");

    public static void UseCorrelation(this WebApplication app) => app.Use((http, next) =>
    {
        var given = http.Request.Headers[Header];
        var id = given.Count == 1 && IsPlain(given[0]) ? given[0]! : (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
        http.Request.Headers[Header] = id;
        http.Response.OnStarting(
            static state =>
            {
                var (response, id) = ((HttpResponse, string))state;
                response.Headers[Header] = id;
                return Task.CompletedTask;
            },
            (http.Response, id));
        return next(http);
    });

    /// <summary>Short, and of characters that need no care in a log, a header or a query.</summary>
    static bool IsPlain(string? text) =>
        text is { Length: >= 1 and <= Longest } && text.AsSpan().IndexOfAnyExcept(Plain) < 0;
}
