using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Who asked for a PDF, or for nothing that we have, is told all the same why there is none (RFC 9110, section 15.5.7): ASP.NET Core's own writer says nothing
/// then, and where it is the last, a refusal ends as a fault.
/// </summary>
internal sealed class WhateverWasAccepted(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        await context.HttpContext.Response.WriteAsJsonAsync(
            context.ProblemDetails, context.ProblemDetails.GetType(), options: null, contentType: "application/problem+json");
    }
}
