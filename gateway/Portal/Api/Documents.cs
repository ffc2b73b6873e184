using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>Minutes by how well they are evidenced, from the weakest grade on.</summary>
public sealed record GradedMinutes(long SelfDeclared, long CheckedIn, long Matched, long Confirmed, long Signed)
{
    /// <summary>The grades that have minutes, the strongest first.</summary>
    public IReadOnlyList<(string Grade, long Minutes)> Parts =>
        [.. new[] { ("signed", Signed), ("confirmed", Confirmed), ("matched", Matched), ("checkedIn", CheckedIn), ("selfDeclared", SelfDeclared) }.Where(
            part => part.Item2 > 0)];
}

/// <summary>What of a book a document holds.</summary>
public sealed record ExtractScope(DateOnly? From, DateOnly? To, Guid? OrganisationId, bool TotalsOnly, Guid? EntryId, bool WithClaimed = false);

/// <summary>A confirmation that a document speaks of and that no longer stands: revoked, or superseded by a later one.</summary>
public sealed record EndedConfirmation(Guid EntryId, int Revision, bool Superseded, DateTimeOffset At);

/// <summary>An extract as it was issued.</summary>
public sealed record Extract(
    Guid Id, string Number, string Language, ExtractScope Scope, DateTimeOffset AsOf,
    GradedMinutes Grades, int Points, int Entries, string Sha256, DateTimeOffset IssuedAt);

/// <summary>An extract, and whether what it says still stands.</summary>
public sealed record ExtractView(Extract Extract, bool Stands, IReadOnlyList<EndedConfirmation> Changed);

/// <summary>An extract that was given to somebody. <paramref name="Mail"/>: waiting, sent or failed, null without a mail.</summary>
public sealed record Delivery(
    Guid Id, int Version, DateTimeOffset At, string? Recipient, string? Email, string? Mail, DateTimeOffset? Until, DateTimeOffset? WithdrawnAt, int Opens,
    int Downloads, DateTimeOffset? LastOpenedAt);

/// <summary>A delivery that was just made; the link is told once.</summary>
public sealed record DeliveryMade(Guid Id, string? Link);

/// <summary>An extract as who has the link sees it.</summary>
public sealed record SharedExtract(string Number, string Giver, string Recipient, DateTimeOffset Until, DateTimeOffset IssuedAt);

/// <summary>Something that the check of a file looked at; <paramref name="Stands"/> is null for what is only told.</summary>
public sealed record Finding(bool? Stands, string About, string Text);

/// <summary>What the check of a file found. <paramref name="Kind"/>: pdf, credential, jws, cms or unknown.</summary>
public sealed record CheckReport(string Kind, IReadOnlyList<Finding> Findings, bool Ok);

/// <summary>What is known of a document that was issued. <paramref name="Kind"/>: extract or certificate.</summary>
public sealed record IssuedDocument(
    string Number, string Kind, string Issuer, DateTimeOffset IssuedAt, bool Stands, ExtractScope Scope, DateTimeOffset AsOf, GradedMinutes? Grades,
    IReadOnlyList<EndedConfirmation> Changed);

/// <summary>The answer to a check; without <paramref name="File"/> it was asked by number.</summary>
public sealed record CheckAnswer(bool Valid, CheckReport? File, IssuedDocument? Issued);

/// <summary>Documents issued from books, and their checks.</summary>
public sealed class Documents(GatewayApi api)
{
    /// <summary>What is known of a number; null when it was never issued.</summary>
    public Task<CheckAnswer?> Check(string number) => Find<CheckAnswer>("checks/" + Uri.EscapeDataString(number));

    /// <summary>What a link leads to; null when it leads nowhere.</summary>
    public Task<SharedExtract?> Shared(string token) => Find<SharedExtract>("shared-extracts/" + Uri.EscapeDataString(token));

    /// <summary>Checks a file. What it is told to be follows from its first bytes; the check looks for itself.</summary>
    public Task<Outcome<CheckAnswer>> Check(byte[] file) => api.Upload<CheckAnswer>(
        "checks", file, file.AsSpan().StartsWith("%PDF"u8) ? "application/pdf" : file.AsSpan().StartsWith("eyJ"u8) ? "application/vc+jwt" : "application/jose");

    /// <summary>The caller's extracts, the latest first; <paramref name="q"/> is a part of a number.</summary>
    public async Task<Page<Extract>> Extracts(string? after, string? q = null) =>
        (await api.Read<Page<Extract>>("extracts" + Query(("q", q), ("after", after), ("limit", "20")))).Value;

    /// <summary>An extract of the caller's.</summary>
    public async Task<ExtractView> Extract(Guid id) => (await api.Read<ExtractView>($"extracts/{id}")).Value;

    /// <summary>Orders an extract; it is there when the answer is.</summary>
    public Task<Outcome<Created>> Order(object order, Form form) => api.Change<Created>(HttpMethod.Post, "extracts", order, form);

    /// <summary>To whom an extract was given, the latest first.</summary>
    public async Task<Page<Delivery>> Deliveries(Guid id, string? after) =>
        (await api.Read<Page<Delivery>>($"extracts/{id}/deliveries" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>Gives an extract to somebody, by mail or by a link.</summary>
    public Task<Outcome<DeliveryMade>> Deliver(Guid id, object delivery, Form form) =>
        api.Change<DeliveryMade>(HttpMethod.Post, $"extracts/{id}/deliveries", delivery, form);

    /// <summary>Takes a link back.</summary>
    public Task<Outcome<NoBody>> WithdrawDelivery(Guid id, Guid delivery, Form form) =>
        api.Change<NoBody>(HttpMethod.Delete, $"extracts/{id}/deliveries/{delivery}", null, form);

    async Task<T?> Find<T>(string path) where T : class
    {
        try
        {
            return (await api.Read<T>(path)).Value;
        }
        catch (ApiException failure) when (failure.Problem.Status is 404 or 400)
        {
            return null;
        }
    }
}
