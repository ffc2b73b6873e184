namespace VolunteerBook.Identity;

/// <summary>Says a problem as a page where a person looks: all refusals and faults come through here, whatever found them.</summary>
internal sealed class PageOfProblem(EndpointDataSource endpoints) : IProblemDetailsWriter
{
    private const string Page = "/Error";

    /// <inheritdoc />
    public bool CanWrite(ProblemDetailsContext context) => AccountPages.ShownToPeople(context.HttpContext);

    /// <inheritdoc />
    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var page = endpoints.Endpoints.OfType<RouteEndpoint>()
            .First(endpoint => endpoint.RoutePattern.RequiredValues.TryGetValue("page", out var name) && Equals(name, Page));
        http.Features.Set(context.ProblemDetails);
        // Read, whatever was sent: a form that failed is not taken up again.
        http.Request.Method = HttpMethods.Get;
        http.SetEndpoint(page);
        http.Request.RouteValues = new RouteValueDictionary { ["page"] = Page };
        await page.RequestDelegate!(http);
    }
}
