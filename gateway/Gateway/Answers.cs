using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Gateway;

/// <summary>The gateway's own refusals: problem details like those of the services, and a page in both languages for who has a page before them.</summary>
public static class Answers
{
    public static readonly Refusal TooMany = new(
        "too-many-requests", StatusCodes.Status429TooManyRequests, "Too many requests at once; Retry-After says when to try again.");
    public static readonly Refusal TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The body of the request is too large.");
    public static readonly Refusal NotFound = new("not-found", StatusCodes.Status404NotFound, "There is nothing at this address.");
    public static readonly Refusal BadAnswer = new(
        "service-failed", StatusCodes.Status502BadGateway, "The service behind this address did not answer properly.");
    public static readonly Refusal Away = new(
        "service-away", StatusCodes.Status503ServiceUnavailable, "The service behind this address is not available; please try again shortly.");
    public static readonly Refusal Slow = new("service-slow", StatusCodes.Status504GatewayTimeout, "The service behind this address took too long to answer.");

    static readonly Dictionary<string, (string Russian, string English)> Words = new()
    {
        [TooMany.Code] =
            ("Слишком много запросов одновременно. Подождите минуту и отправьте ещё раз.", "Too many requests at once. Wait a minute and try again."),
        [TooLarge.Code] = (
            "Данных слишком много, и мы их не приняли. Выберите файл поменьше или сократите текст.",
            "This is too much data, and it was not accepted. Choose a smaller file or shorten the text."),
        [NotFound.Code] = ("Такой страницы нет.", "There is no such page."),
        [BadAnswer.Code] = ("Не получилось ответить. Попробуйте ещё раз через несколько минут.", "Something went wrong. Try again in a few minutes."),
        [Away.Code] = (
            "Книжка волонтёра сейчас недоступна. Попробуйте ещё раз через несколько минут.",
            "The volunteer book is not available at the moment. Try again in a few minutes."),
        [Slow.Code] = ("Ответ занял слишком много времени. Попробуйте ещё раз через несколько минут.", "The answer took too long. Try again in a few minutes."),
    };

    public static async Task WriteAsync(this HttpContext http, Refusal refusal)
    {
        http.Response.StatusCode = refusal.Status;
        if (IsForPage(http))
        {
            await WritePageAsync(http, refusal);
            return;
        }

        ProblemDetails problem = refusal.ToProblemDetails();
        await http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = http, ProblemDetails = problem });
    }

    // Browsers ask for a page by its type; nobody has one of the interface before them.
    static bool IsForPage(HttpContext http) =>
        !http.Request.Path.StartsWithSegments("/api") && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    // It leans on nothing that may be away.
    static async Task WritePageAsync(HttpContext http, Refusal refusal)
    {
        var (russian, english) = Words[refusal.Code];
        // Never at another host.
        var back = HtmlEncoder.Default.Encode("/" + http.Request.Path.ToUriComponent().TrimStart('/') + http.Request.QueryString.ToUriComponent());
        // A form bears a key, so that it counts once however often it is sent.
        var again = HttpMethods.IsPost(http.Request.Method)
            ? """
                <p>То, что вы заполнили, не пропало. Обновите страницу: форма отправится ещё раз и дважды не запишется.</p>
                <p lang="en">What you filled in is not lost. Reload this page: the form is sent again, and counts once.</p>
                """
            : "";
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="ru">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Книжка волонтёра</title></head>
            <body>
            <main>
            <h1>{russian}</h1>
            <p lang="en">{english}</p>
            {again}
            <p><a href="{back}">Назад</a> · <a lang="en" href="{back}">Back</a></p>
            </main>
            </body>
            </html>
            """, http.RequestAborted);
    }
}
