using System.Buffers.Text;
using System.Text;
using Marten;
using Marten.Linq.MatchesSql;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// GET /api/v1/organisations?region=&amp;q=&amp;status=&amp;after=&amp;limit=: by name. Approved ones for everybody;
/// pending and refused ones for the administrator.
/// </summary>
public static class ListOrganisationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations", Handle).AllowAnonymous().WithSummary("Organisations by name, or by words of the name or a part of the OGRN");

    private static async Task<Results<Ok<Page<OrganisationView>>, ProblemHttpResult>> Handle(
        Caller caller, IQuerySession session, CancellationToken ct,
        string? region = null, string? q = null, string? status = null, string? after = null, [PageSize] int? limit = null)
    {
        var wanted = OrganisationStatus.Approved;
        if (status is not null && (!Enum.TryParse(status, ignoreCase: true, out wanted) || int.TryParse(status, out _)))
        {
            return Refusal.Invalid("status-unknown", "status", "The status must be pending, approved or refused.").ToProblem();
        }

        if (wanted != OrganisationStatus.Approved && !caller.IsAdministrator)
        {
            return (caller.IsSignedIn
                ? new Refusal("not-allowed", StatusCodes.Status403Forbidden, "Only the administrator can see organisations that are not approved.")
                : new Refusal(
                    "not-signed-in", StatusCodes.Status401Unauthorized,
                    "Sign in as the administrator to see organisations that are not approved.")).ToProblem();
        }

        if (Refusal.All([VocabularyRules.Filter(region), Rules.OptionalText("q", q, 300)]) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var found = session.Query<Organisation>().Where(organisation => organisation.Status == wanted);
        if (!string.IsNullOrEmpty(region))
        {
            found = found.Where(organisation => organisation.Region == region);
        }

        // All words, in any order; not LIKE: what is typed is text, not a pattern.
        foreach (var word in SearchWords.Of(Text.Clean(q), Organisation.Fold))
        {
            found = found.Where(organisation => organisation.MatchesSql("position(? in d.data ->> 'searchKey') > 0", word));
        }

        if (!string.IsNullOrEmpty(after))
        {
            var last = Place.Parse(after);
            found = found.Where(organisation => organisation.MatchesSql("d.data ->> 'searchKey' > ?", last));
        }

        var size = Cursor.Limit(limit);
        var rows = await found.OrderBy(organisation => organisation.SearchKey).Take(size + 1).ToListAsync(ct);
        return TypedResults.Ok(new Page<OrganisationView>(
            [.. rows.Take(size).Select(row => caller.IsAdministrator ? OrganisationView.InFull(row) : OrganisationView.Of(row))],
            rows.Count > size ? Place.Of(rows[size - 1]) : null));
    }

    // A place in this list is the search key of the row before it.
    private static class Place
    {
        public static string Of(Organisation organisation) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(organisation.SearchKey));

        public static string Parse(string after)
        {
            var key = after.Length <= 4000 && Base64Url.IsValid(after) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after)) : "\0";
            return key.Any(char.IsControl)
                ? throw new RefusedException(Refusal.Invalid("malformed-cursor", "after", "The cursor must be the `next` of the previous page."))
                : key;
        }
    }
}
