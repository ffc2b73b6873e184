using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// A form is UTF-8, as every browser sends it. What calls itself something else is refused before anyone reads it: .NET throws on some names of encodings, and
/// a form is read by many, each by itself (antiforgery, sign-in, pages, services). In every process, before all else.
/// </summary>
internal sealed class FormsInUtf8 : IStartupFilter
{
    private static readonly string[] Forms = ["application/x-www-form-urlencoded", "multipart/form-data"];

    // What is ASCII is UTF-8, too.
    private static readonly string[] Encodings = ["utf-8", "us-ascii"];

    private static readonly Refusal Refused = Refusal.Invalid("malformed-form", "Content-Type", "A form must be sent as UTF-8.");

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static async (http, next) =>
        {
            if (http.Request.ContentType is not { } type || IsRead(type))
            {
                await next(http);
                return;
            }

            http.Response.StatusCode = Refused.Status;
            await http.RequestServices.GetRequiredService<IProblemDetailsService>()
                .WriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = Refused.ToProblemDetails() });
        });
        next(app);
    };

    private static bool IsRead(string type) =>
        !Array.Exists(Forms, form => type.StartsWith(form, StringComparison.OrdinalIgnoreCase))
        || (MediaTypeHeaderValue.TryParse(type, out var read) && (!read.Charset.HasValue
            || Array.Exists(Encodings, name => HeaderUtilities.RemoveQuotes(read.Charset).Equals(name, StringComparison.OrdinalIgnoreCase))));
}
