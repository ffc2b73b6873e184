using System.Text.RegularExpressions;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>
/// <c>PUT /api/v1/agencies/{clientId}</c>: the administrator registers an agency, or changes what is registered (F40). <c>If-Match: "0"</c> the first time.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What kind of body it is.</param>
/// <param name="Purposes">At most 20 purposes; without any it reads nothing any more.</param>
public sealed record SetAgency(BothLanguages Name, AgencyKind Kind, IReadOnlyList<Purpose> Purposes);

public static partial class SetAgencyEndpoint
{
    /// <summary>The most purposes that an agency has.</summary>
    public const int MostPurposes = 20;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/agencies/{clientId}", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Register an agency or change it; If-Match \"0\" the first time")
            .WithExample(new SetAgency(
                new BothLanguages("Приёмная комиссия", "Admissions office"), AgencyKind.Education,
                [new Purpose("admission", new BothLanguages("Учёт индивидуальных достижений при поступлении", "Individual achievements at admission"))]));

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        string clientId, SetAgency command, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Agency>(Agency.IdOf(clientId), ct);
        expected.Check(stream.CurrentVersion ?? 0);
        var decision = Decide(clientId, stream.Aggregate, command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(string clientId, Agency? agency, SetAgency command, DateTimeOffset now)
    {
        var broken = Refusal.All(
        [
            ClientIds().IsMatch(clientId)
                ? null
                : Refusal.Invalid("malformed-client-id", "clientId", "A client id must be 1 to 100 letters, digits, dots, hyphens and underscores."),
            .. command.Name.Check("name"),
            command.Purposes.Count > MostPurposes ? Refusal.Invalid("purposes-out-of-range", "purposes",
                $"An agency can have at most {MostPurposes} purposes.") : null,
            .. command.Purposes.Take(MostPurposes).SelectMany((purpose, index) => Check(purpose, $"purposes[{index}]")),
            command.Purposes.Where(purpose => purpose is not null).GroupBy(purpose => purpose.Code, StringComparer.Ordinal).Any(purpose => purpose.Count() > 1)
                ? Refusal.Invalid("purpose-twice", "purposes", "Each purpose must have a code of its own.") : null,
        ]);
        return broken is not null ? broken
            : agency is not null && agency.Name == command.Name && agency.Kind == command.Kind && agency.Purposes.SequenceEqual(command.Purposes)
                ? Decision.Nothing
            : Decision.Append(new AgencySet(clientId, command.Name, command.Kind, command.Purposes, now));
    }

    private static IEnumerable<Refusal?> Check(Purpose? purpose, string path) =>
        purpose is null ? [Refusal.Invalid("purpose-missing", path, "The purpose is missing.")] :
        [
            Codes().IsMatch(purpose.Code) ? null : Refusal.Invalid("malformed-code", $"{path}.code",
                "A code must be 1 to 50 lower-case letters, digits and hyphens."),
            .. purpose.Description.Check($"{path}.description"),
        ];

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex ClientIds();

    [GeneratedRegex(@"\A[a-z0-9-]{1,50}\z")]
    private static partial Regex Codes();
}
