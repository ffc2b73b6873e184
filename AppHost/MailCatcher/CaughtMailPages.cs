using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using VolunteerBook.Design;

namespace VolunteerBook.MailCatcher;

/// <summary>
/// The pages that show what was caught. A mail is a stranger's text: its HTML is shown in a frame without scripts, forms and anything from outside, and
/// its files are only handed down.
/// </summary>
internal static partial class CaughtMailPages
{
    private const string Policy =
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'";
    private const string Frame = "allow-popups allow-popups-to-escape-sandbox";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext http, CaughtMails mails) => List(http, mails.All));
        routes.MapGet("/mails/{id:int}", (int id, HttpContext http, CaughtMails mails) => mails.Find(id) is { } mail ? One(http, mail) : Gone(http));
        routes.MapGet("/mails/{id:int}/html", (int id, HttpContext http, CaughtMails mails) =>
            mails.Find(id)?.Message.HtmlBody is { } html ? Html(http, html) : Results.NotFound());
        routes.MapGet("/mails/{id:int}/files/{file:int}", (int id, int file, CaughtMails mails) =>
            mails.Find(id)?.Message.Attachments.OfType<MimePart>().ElementAtOrDefault(file) is { Content: { } content } part
                ? Results.Stream(content.Open(), "application/octet-stream", part.FileName ?? "file")
                : Results.NotFound());
    }

    private static IResult List(HttpContext http, IReadOnlyList<CaughtMail> mails)
    {
        var words = Words.Of(http);
        var body = new StringBuilder($"<p>{words.Lead}</p>");
        if (mails.Count == 0)
        {
            body.Append(CultureInfo.InvariantCulture, $"<div class=\"empty\"><h2>{words.Empty}</h2><p>{words.EmptyHint}</p></div>");
        }
        else
        {
            body.Append("<ul class=\"cards\">");
            foreach (var mail in mails)
            {
                body.Append(
                    CultureInfo.InvariantCulture,
                    $"<li><div><h2><a href=\"/mails/{mail.Id}\">{Subject(mail)}</a></h2><p>{Encoded(string.Join(", ", mail.To))}</p></div>"
                        + $"<div>{Time(mail)}</div></li>");
            }

            body.Append("</ul>");
        }

        return Page(http, words, words.Title, body.ToString(), StatusCodes.Status200OK);
    }

    private static IResult One(HttpContext http, CaughtMail mail)
    {
        var words = Words.Of(http);
        var (message, files) = (mail.Message, mail.Message.Attachments.OfType<MimePart>().ToList());
        var body = new StringBuilder(
            $"<p><a href=\"/\">{words.Title}</a></p><dl class=\"facts\"><div><dt>{words.From}</dt><dd>{Encoded(message.From.ToString())}</dd></div>"
            + $"<div><dt>{words.To}</dt><dd>{Encoded(string.Join(", ", mail.To))}</dd></div><div><dt>{words.At}</dt><dd>{Time(mail)}</dd></div>");
        if (files.Count > 0)
        {
            var links = files.Select((file, at) => $"<a href=\"/mails/{mail.Id}/files/{at}\">{Encoded(file.FileName ?? "file")}</a>");
            body.Append(CultureInfo.InvariantCulture, $"<div><dt>{words.Files}</dt><dd>{string.Join("<br>", links)}</dd></div>");
        }

        body.Append("</dl>");
        if (message.TextBody is { } text)
        {
            body.Append(CultureInfo.InvariantCulture, $"<h2>{words.Text}</h2><div class=\"sheet\"><p class=\"text\">{Linked(text.Trim())}</p></div>");
        }

        if (message.HtmlBody is not null)
        {
            body.Append(
                CultureInfo.InvariantCulture, $"<h2>HTML</h2><iframe sandbox=\"{Frame}\" src=\"/mails/{mail.Id}/html\" title=\"HTML\"></iframe>");
        }

        return Page(http, words, Subject(mail), body.ToString(), StatusCodes.Status200OK);
    }

    private static IResult Gone(HttpContext http)
    {
        var words = Words.Of(http);
        return Page(http, words, words.Gone, $"<p><a href=\"/\">{words.Title}</a></p>", StatusCodes.Status404NotFound);
    }

    // The mail's own colours and pictures within it, and nothing else; a link opens beside the page.
    private static IResult Html(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = $"sandbox {Frame}; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Content($"<base target=\"_blank\">{html}", "text/html; charset=utf-8");
    }

    private static IResult Page(HttpContext http, Words words, string title, string body, int status)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        return Results.Content(
            $"""
            <!DOCTYPE html>
            <html lang="{words.Language}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>{title}</title><link rel="icon" type="image/svg+xml" href="{Look.Icon}"><link rel="stylesheet" href="{Look.StyleSheet}"></head>
            <body><header class="site-head"><div class="wrap"><a class="brand" href="/">{Look.Mark}<span>{words.Title}</span></a></div></header>
            <main class="wrap" id="content"><h1>{title}</h1>{body}</main></body>
            </html>
            """,
            "text/html; charset=utf-8", statusCode: status);
    }

    private static string Subject(CaughtMail mail) => Encoded(mail.Message.Subject is { Length: > 0 } subject ? subject : "—");

    private static string Time(CaughtMail mail) => $"<time datetime=\"{mail.At:o}\">{mail.At.ToLocalTime():yyyy-MM-dd HH:mm:ss}</time>";

    private static string Linked(string text) => Address().Replace(Encoded(text), "<a href=\"$0\" rel=\"noreferrer\">$0</a>");

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    // In a text that is encoded already.
    [GeneratedRegex(@"https?://[^\s<>""]+")]
    private static partial Regex Address();

    private sealed record Words(
        string Language, string Title, string Lead, string Empty, string EmptyHint, string From, string To, string At, string Files, string Text, string Gone)
    {
        private static readonly Words Russian = new(
            "ru", "Перехваченные письма", "Почтовый сервер не настроен, поэтому письма остаются здесь и никому не уходят. Они хранятся в памяти до остановки.",
            "Писем пока нет", "Здесь появится письмо, например, после регистрации.", "От кого", "Кому", "Когда", "Файлы", "Текст", "Такого письма нет");

        private static readonly Words English = new(
            "en", "Caught mail", "No mail server is configured, so mails stay here and are sent to nobody. They are kept in memory until this stops.",
            "No mails yet", "One appears here, for example, after a registration.", "From", "To", "At", "Files", "Text", "There is no such mail");

        public static Words Of(HttpContext http) =>
            http.Request.Headers.AcceptLanguage.ToString().StartsWith("en", StringComparison.OrdinalIgnoreCase) ? English : Russian;
    }
}
