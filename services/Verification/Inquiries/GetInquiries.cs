using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>An inquiry as the organisation's coordinators see it.</summary>
/// <param name="Id">The inquiry.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Name">Who was asked; null where it was removed.</param>
/// <param name="Email">Where the mail went.</param>
/// <param name="Mail">Where the mail stands; null where it is so old that this is not kept any more.</param>
/// <param name="Until">When the link ends, UTC.</param>
/// <param name="AnsweredAt">When it was answered, UTC.</param>
/// <param name="Confirms">The answer; null without one.</param>
/// <param name="Reason">Why not.</param>
public sealed record InquiryView(
    Guid Id, DateTimeOffset At, string? Name, string? Email, MailStatus? Mail,
    DateTimeOffset Until, DateTimeOffset? AnsweredAt, bool? Confirms, string? Reason);

/// <summary><c>GET /api/v1/cases/{id}/inquiries</c>: who was asked about a case, and what they answered, the earliest first. There are at most ten.</summary>
public static class GetInquiriesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cases/{id:guid}/inquiries", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Who was asked about a case, and what they answered");

    private static async Task<Results<Ok<IReadOnlyList<InquiryView>>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Case>(id, ct) is not { } found
            || await session.LoadAsync<Organisation>(found.OrganisationId, ct) is not { } organisation
            || !organisation.IsCoordinator(caller.Id, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        var inquiries = await session.Query<Inquiry>().Where(inquiry => inquiry.CaseId == id).ToListAsync(ct);
        var persons = new Dictionary<Guid, (string Name, string Email, MailStatus? Mail)>();
        await using var command = database.CreateCommand(
            "select inquiry_id, name, email, mail.status from case_inquiries left join outgoing_mail mail on mail.id = mail_id where inquiry_id = any($1)");
        command.Parameters.Add(new() { Value = inquiries.Select(inquiry => inquiry.Id).ToArray() });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            persons[rows.GetGuid(0)] =
                (rows.GetString(1), rows.GetString(2), await rows.IsDBNullAsync(3, ct) ? null : Enum.Parse<MailStatus>(rows.GetString(3), ignoreCase: true));
        }

        return TypedResults.Ok<IReadOnlyList<InquiryView>>([.. inquiries.OrderBy(inquiry => inquiry.At).Select(inquiry =>
        {
            var known = persons.TryGetValue(inquiry.Id, out var person);
            return new InquiryView(
                inquiry.Id, inquiry.At, known ? person.Name : null, known ? person.Email : null, known ? person.Mail : null, inquiry.Until, inquiry.AnsweredAt,
                inquiry.AnsweredAt is null ? null : inquiry.Confirms, inquiry.Reason);
        })]);
    }
}
