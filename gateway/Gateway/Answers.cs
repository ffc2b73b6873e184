using Microsoft.AspNetCore.Mvc;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Gateway;

/// <summary>The gateway's own refusals, as problem details like those of the services.</summary>
public static class Answers
{
    public static readonly Refusal TooMany = new("too-many-requests", StatusCodes.Status429TooManyRequests, "Too many requests at once; Retry-After says when to go on.");
    public static readonly Refusal TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The request's body is larger than is taken here.");
    public static readonly Refusal NotFound = new("not-found", StatusCodes.Status404NotFound, "There is nothing at this address.");
    public static readonly Refusal BadAnswer = new("service-failed", StatusCodes.Status502BadGateway, "The service behind this address did not answer properly.");
    public static readonly Refusal Away = new("service-away", StatusCodes.Status503ServiceUnavailable, "The service behind this address is away; please try again shortly.");
    public static readonly Refusal Slow = new("service-slow", StatusCodes.Status504GatewayTimeout, "The service behind this address took too long to answer.");

    public static async Task WriteAsync(this HttpContext http, Refusal refusal)
    {
        http.Response.StatusCode = refusal.Status;
        ProblemDetails problem = refusal.ToProblemDetails();
        await http.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(new() { HttpContext = http, ProblemDetails = problem });
    }
}
