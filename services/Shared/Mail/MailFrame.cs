using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace VolunteerBook.Mail;

/// <summary>
/// The HTML part of a mail, made of its text when it is sent, so that both say the same. Tables, inline styles and nothing to be fetched: it reads the same
/// where images are off, and where styles are. Its colours are those of the pages in the light (services/Shared/Design/css/tokens.css).
/// </summary>
internal static partial class MailFrame
{
    private const string Accent = "#26418f", OnAccent = "#fff", Page = "#f4f6fa", Surface = "#fff", Text = "#1a2130", Soft = "#535d70", Border = "#d3d9e4";
    private const string Font = "font-family:'Golos Text',system-ui,'Segoe UI',Roboto,sans-serif";
    private const int LongestButton = 40;

    /// <summary>The page. A link on a line of its own is a button, named by the line before it where that is short and ends in a colon.</summary>
    public static string Html(MailMessage mail)
    {
        var (product, open) = mail.Language == "en" ? ("Volunteer’s electronic book", "Open the page") : ("Электронная книжка волонтёра", "Открыть страницу");
        var body = new StringBuilder();
        foreach (var paragraph in mail.Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Write(body, paragraph.Split('\n'), open);
        }

        return $"""
            <!DOCTYPE html>
            <html lang="{mail.Language}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Encoded(mail.Subject)}</title></head>
            <body style="margin:0;background:{Page}">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:{Page}"><tr><td align="center" style="padding:24px 12px">
            <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:{Surface};border:1px solid {Border};border-radius:12px">
            <tr><td style="padding:24px;color:{Text};font-size:16px;line-height:1.5;{Font};overflow-wrap:anywhere">
            <p style="margin:0 0 20px"><span style="display:inline-block;padding:2px 10px;border:3px double {Accent};border-radius:4px;color:{Accent};font-weight:600">{product}</span></p>
            <h1 style="margin:0 0 16px;font-size:22px;line-height:1.25">{Encoded(mail.Subject)}</h1>
            {body}</td></tr></table>
            </td></tr></table>
            </body>
            </html>
            """;
    }

    private static void Write(StringBuilder body, string[] lines, string open)
    {
        var link = lines[^1];
        if (!Link().IsMatch(link) || Link().Match(link).Length != link.Length)
        {
            body.Append(CultureInfo.InvariantCulture, $"<p style=\"margin:0 0 16px\">{string.Join("<br>", lines.Select(Linked))}</p>\n");
            return;
        }

        var named = lines.Length > 1 && lines[^2].EndsWith(':') && lines[^2].Length <= LongestButton;
        if (lines[..(named ? ^2 : ^1)] is { Length: > 0 } before)
        {
            Write(body, before, open);
        }

        var address = Encoded(link);
        body.Append(
            CultureInfo.InvariantCulture,
            $"<p style=\"margin:0 0 8px\"><a href=\"{address}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;background:{Accent};"
                + $"color:{OnAccent};font-weight:600;text-decoration:none\">{(named ? Encoded(lines[^2].TrimEnd(':')) : open)}</a></p>\n"
                + $"<p style=\"margin:0 0 16px;color:{Soft};font-size:13px\">{address}</p>\n");
    }

    private static string Linked(string line)
    {
        var html = new StringBuilder();
        var at = 0;
        foreach (Match link in Link().Matches(line))
        {
            var address = Encoded(link.Value);
            html.Append(Encoded(line[at..link.Index])).Append(CultureInfo.InvariantCulture, $"<a href=\"{address}\" style=\"color:{Accent}\">{address}</a>");
            at = link.Index + link.Length;
        }

        return html.Append(Encoded(line[at..])).ToString();
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    // Not what ends the sentence around it.
    [GeneratedRegex(@"https?://[^\s<>""«»]*[^\s<>""«».,;:!?)]")]
    private static partial Regex Link();
}
