using System.Globalization;
using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>
/// What the organisation decided; a confirmation carries the signature (JWS compact, or CMS in base64 with the statement beside it) and the key's id, and
/// <paramref name="Lines"/> where a list was signed as a whole.
/// </summary>
public record Verdict(
    string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature, string? Statement = null, IReadOnlyList<SignedLine>? Lines = null)
{
    /// <summary>Whether the signature is a CMS, which has no dots.</summary>
    public bool IsCms => Signature?.Contains('.', StringComparison.Ordinal) == false;
}

/// <summary>
/// A decision that came when the volunteer had taken the entry back: confirmed (perhaps <paramref name="ConfirmedInPart"/>), rejected or returned.
/// </summary>
public sealed record OvertakenVerdict(
    string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature, string Status, Facts? ConfirmedInPart = null, string? Statement = null,
    IReadOnlyList<SignedLine>? Lines = null)
    : Verdict(By, At, Reason, Kid, Signature, Statement, Lines);

/// <summary>A row of the organisation's attendance sheet; what it does not say is null.</summary>
public sealed record DocumentRow(int Line, Shift Shift, bool Attended, string? Project, string? TaskType, string? Region, string? Level);

/// <summary>What an entry says otherwise than the row: start, minutes, project, taskType, region or level.</summary>
public sealed record RowDifference(string Field, string Entry, string Row);

/// <summary>
/// What the sheets say to a shift. <paramref name="Kind"/>: unknown, contradicted, near or exact. <paramref name="Doubt"/>: why the row evidences nothing
/// beside the differences: taken, contested or ownSignature; null where it is none of these.
/// </summary>
public sealed record ShiftMatch(Shift Shift, string Kind, Guid? SheetId, DocumentRow? Row, IReadOnlyList<RowDifference> Differences, string? Doubt = null);

/// <summary>What the organisation's signed attendance sheets say to a case.</summary>
public sealed record Match(string Kind, IReadOnlyList<ShiftMatch> Shifts);

/// <summary>What was said in a dispute. <paramref name="Side"/>: volunteer, organisation or administrator.</summary>
public sealed record DisputeMessage(string Side, DateTimeOffset At, string Text);

/// <summary>How the administrator settled a dispute; without <paramref name="Facts"/> the organisation's decision stands.</summary>
public sealed record Settlement(Facts? Facts, int Points, string Reason, DateTimeOffset At);

/// <summary>The volunteer does not agree with what was decided; without <paramref name="Settlement"/> it waits.</summary>
public sealed record CaseDispute(DateTimeOffset OpenedAt, IReadOnlyList<DisputeMessage> Messages, Settlement? Settlement);

/// <summary>A dispute that waits for the administrator.</summary>
public sealed record DisputedCase(Guid Id, Guid OrganisationId, string Project, int Minutes, string Status, CaseDispute Dispute);

/// <summary>
/// A case: an entry awaiting the organisation's decision. <paramref name="Status"/>: open, confirmed, rejected, returned, cancelled, revoked or settled.
/// <paramref name="Statement"/> is the canonical JSON (RFC 8785) that is signed; <paramref name="CanDecide"/> says whether the caller may decide now.
/// </summary>
public sealed record HoursCase(
    Guid Id, Guid EntryId, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts,
    int Minutes, string Status, DateTimeOffset OpenedAt, string? Statement, bool CanDecide,
    Verdict? Decision, string? Level, string? Place, Volume? Volume, int Points,
    StandingConfirmation? Amends, bool CanRevoke, Verdict? Revocation, DateTimeOffset DueAt, bool Overdue, Reminder? Reminder, IReadOnlyList<string>? Kids,
    Facts? ConfirmedInPart, DateTimeOffset? PartAcceptedAt, CaseDispute? Dispute, bool CanAccept, bool CanDispute, OvertakenVerdict? Overtaken, Match? Match)
{
    /// <summary>What is to be confirmed.</summary>
    public Facts Facts => new(OrganisationId, Project, TaskType, Region, Shifts, Level, Place, Volume);

    /// <summary>What the organisation decided, whatever became of it.</summary>
    public string Decided => Status switch
    {
        "revoked" => "confirmed",
        "settled" => Revocation is null && ConfirmedInPart is null ? "rejected" : "confirmed",
        _ => Status,
    };
}

/// <summary>What the volunteer says with a case; <paramref name="Standing"/>: of a change, what the confirmed entry says.</summary>
public sealed record Submission(Guid CaseId, Words Asked, Words? Standing);

/// <summary>The administrator's last reminder of a case that is late.</summary>
public sealed record Reminder(DateTimeOffset At, string? Text, int Count);

/// <summary>A coordinator lets a deputy work on the queue for a time; <paramref name="Version"/> goes with its withdrawal.</summary>
public sealed record Delegation(
    Guid Id, long Version, Guid OrganisationId, string Organisation, Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until, string? Reason)
{
    /// <summary>Whether its period is running.</summary>
    public bool IsInForce(DateTimeOffset now) => From <= now && now < Until;
}

/// <summary>
/// How an organisation decides: what waits now, and what it decided within the last 365 days. Shares and medians are null where
/// there is nothing, or too little, to tell.
/// </summary>
public sealed record ServiceLevel(
    Guid OrganisationId, string Name, int LimitDays, long Open, long Escalated, double? OldestOpenDays, double? MedianOpenDays, long Decided,
    double? InTimeShare, double? MedianDecisionDays);

/// <summary>What the reviewed side answered.</summary>
public sealed record ReviewAnswer(string Text, DateTimeOffset At);

/// <summary>
/// A review after a confirmed entry; <paramref name="Side"/>: volunteer or organisation wrote it. What everyone may read lacks
/// who wrote it and what may be done with it.
/// </summary>
public sealed record Review(
    Guid Id, int Version, string? Side, int Rating, string Text, bool Recommendation, DateTimeOffset GivenAt,
    DateTimeOffset? ChangedAt, ReviewAnswer? Answer, bool Hidden, string? HiddenReason,
    bool Withdrawn, bool ConfirmationRevoked, bool IsMine, bool CanChange, bool CanAnswer, Guid? EntryId, Guid OrganisationId);

/// <summary>What volunteers say of an organisation; <paramref name="Average"/> is null where nobody has said anything.</summary>
public sealed record OrganisationsReviews(IReadOnlyList<Review> Items, string? Next, int Count, double? Average);

/// <summary>Why a reader thinks that a review should not be shown.</summary>
public sealed record ReviewReport(string Reason, DateTimeOffset At);

/// <summary>A review that readers reported.</summary>
public sealed record ReportedReview(
    Guid Id, int Version, Guid OrganisationId, string Side, int Rating, string Text,
    DateTimeOffset GivenAt, ReviewAnswer? Answer, IReadOnlyList<ReviewReport> Reports);

/// <summary>A case whose organisation is late; <paramref name="Version"/> goes with a reminder.</summary>
public sealed record EscalatedCase(
    Guid Id, int Version, Guid OrganisationId, string? Organisation, DateTimeOffset OpenedAt, int LimitDays, DateTimeOffset DueAt, Reminder? Reminder);

/// <summary>The confirmation that another one would change.</summary>
public sealed record StandingConfirmation(int Revision, Facts Facts);

/// <summary>A page of the queue, oldest first, and how much is open in all; <paramref name="Matches"/> says of each what the sheets say.</summary>
public sealed record OpenCases(
    IReadOnlyList<HoursCase> Items, IReadOnlyDictionary<Guid, string>? Matches, string? Next, int Open, DateTimeOffset? OldestOpenedAt, int Overdue)
{
    /// <summary>More people are called as was searched for than a search takes: some of their cases are missing.</summary>
    public bool TooManyPeople { get; init; }
}

/// <summary>Points for work of one responsibility level.</summary>
public sealed record LevelPoints(string Level, int PerHour);

/// <summary>Points for work in one project.</summary>
public sealed record ProgrammePoints(string Project, int PerHour);

/// <summary>How an organisation gives points. A programme's rule goes before a level's, a level's before the general one.</summary>
public sealed record PointsRule(int PerHour, IReadOnlyList<LevelPoints> Levels, IReadOnlyList<ProgrammePoints> Programmes, int? MostPerEntry);

/// <summary>How attendance sheets evidence entries: by how many minutes a shift may differ, and whether a signed sheet confirms by itself.</summary>
public sealed record MatchingRule(int WithinMinutes, bool ConfirmByItself);

/// <summary>How an organisation confirms, and within how many days it decides; without <paramref name="Points"/> it gives none.</summary>
public sealed record ConfirmationRules(Guid OrganisationId, PointsRule? Points, int DecideWithinDays, MatchingRule Matching);

/// <summary>What confirming many cases by one signature says, and the statements that it stands for.</summary>
public sealed record Manifest(string Statement, IReadOnlyList<string> Statements)
{
    /// <summary>The statements, read.</summary>
    public IReadOnlyList<StatementOfCase> Cases =>
        [.. Statements.Select(statement => JsonSerializer.Deserialize<StatementOfCase>(statement, GatewayApi.Json)!)];
}

/// <summary>What confirming a case says.</summary>
public sealed record StatementOfCase(
    Guid CaseId, Guid VolunteerId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, int Minutes, int Points);

/// <summary>Work that an organisation has put down in a signed sheet and the volunteer not into the book.</summary>
public sealed record Proposal(
    Guid SheetId, int Line, Guid OrganisationId, string Organisation, Shift Shift, string? Project, string? TaskType, string? Region, string? Level);

/// <summary>A row of a signed sheet as it was signed.</summary>
public sealed record SignedRow(Guid VolunteerId, DateTime Start, string Zone, int Minutes, string? Project);

/// <summary>A row that no volunteer claims, and what its volunteer said to it.</summary>
public sealed record UnclaimedRow(int Line, SignedRow Record, string? Declined);

/// <summary>A part of the rows that nobody claims; <paramref name="Next"/> is the line to go on after.</summary>
public sealed record UnclaimedRows(IReadOnlyList<UnclaimedRow> Items, int? Next);

/// <summary>
/// An organisation's own attendance sheet. <paramref name="Status"/>: received, signed, superseded or discarded. <paramref name="ConfirmsWithin"/> are the
/// minutes within which its signature confirms by itself, null where it does not. Of <paramref name="Unresolved"/> people it is still to be said who they are;
/// Profiles keeps them as the list <paramref name="PeopleId"/>.
/// </summary>
public sealed record Sheet(
    Guid Id, Guid OrganisationId, string Name, string Format, string Sha256, int Rows,
    int Faulty, DateOnly? From, DateOnly? To, string Status, DateTimeOffset ReceivedAt,
    DateTimeOffset? SignedAt, string? Kid, string? Signature, int? ConfirmsWithin, Guid PeopleId, int Unresolved, IReadOnlyList<string>? Unread, string? Zone,
    TimeOnly? Start, Guid? Supersedes, Guid? SupersededBy, IReadOnlyList<string>? UnreadSheets = null);

/// <summary>
/// A row that was accepted. Where the sheet names its person otherwise than by the code and it is still to be said who that is,
/// <paramref name="Person"/> is their number there.
/// </summary>
public sealed record SheetRow(
    int Line, Guid VolunteerId, DateTime Start, string Zone, int Minutes, bool Later,
    bool Attended, string? Project, string? TaskType, string? Region, string? Level, int? Person);

/// <summary>A part of the rows that were accepted; <paramref name="Next"/> is the line to go on after.</summary>
public sealed record SheetRows(IReadOnlyList<SheetRow> Items, int? Next);

/// <summary>
/// Somebody whom a sheet names otherwise than by their code, by their number there; <paramref name="VolunteerId"/> is who it was said to be.
/// </summary>
public sealed record PersonOfSheet(int Person, int Line, int Rows, Guid? VolunteerId);

/// <summary>A part of the people; <paramref name="Next"/> is the number to go on after.</summary>
public sealed record PeopleOfSheet(IReadOnlyList<PersonOfSheet> Items, int? Next);

/// <summary>Who somebody in a sheet is; without a volunteer their rows are left out.</summary>
public sealed record SheetPerson(int Person, Guid? VolunteerId);

/// <summary>What is wrong with a row: the column by our name and by the sheet's own, the rule's stable code, the rule in English.</summary>
public sealed record RowFault(string Field, string Code, string Rule, string? Column = null);

/// <summary>A row that was refused.</summary>
public sealed record FaultyRow(int Line, IReadOnlyList<RowFault> Faults);

/// <summary>A part of the rows that were refused; <paramref name="Next"/> is the line to go on after.</summary>
public sealed record FaultyRows(IReadOnlyList<FaultyRow> Items, int? Next);

/// <summary>What was taken in; <paramref name="AlreadyThere"/> where the same bytes had been before.</summary>
public sealed record SheetReceipt(Guid Id, int Rows, int Faulty, bool AlreadyThere, int Unresolved);

/// <summary>
/// Somebody who was asked about a case. <paramref name="Mail"/>: waiting, sent or failed; <paramref name="Confirms"/> is null without an answer.
/// </summary>
public sealed record Inquiry(
    Guid Id, DateTimeOffset At, string? Name, string? Email, string? Mail, DateTimeOffset Until, DateTimeOffset? AnsweredAt, bool? Confirms, string? Reason);

/// <summary>What somebody who was there is asked to confirm.</summary>
public sealed record InquiryQuestion(
    string Name, string Organisation, string? Volunteer, string Project, string TaskType, string Region, string? Place, string? Level,
    IReadOnlyList<Shift> Shifts, int Minutes, Volume? Volume, DateTimeOffset Until,
    string? Description = null);

/// <summary>Cases and their decisions, and the organisation's own records.</summary>
public sealed class Verification(GatewayApi api)
{
    /// <summary>
    /// The cases of an organisation, the oldest first; <paramref name="filter"/> gives status, region, taskType, overdue, match, disputed and q, which a
    /// project contains or one of <paramref name="called"/> is called.
    /// </summary>
    public async Task<OpenCases> Cases(Guid organisationId, Form filter, IReadOnlyList<Guid> called, string? after, int limit = 20)
    {
        return (await api.Read<OpenCases>("cases" + Query(
            ("organisationId", organisationId.ToString()), ("status", filter.Text("status") ?? "open"),
            ("region", filter.Text("region")), ("taskType", filter.Text("taskType")),
            ("overdue", OnlyTrue("overdue")), ("match", filter.Text("match")), ("disputed", OnlyTrue("disputed")),
            ("q", filter.Text("q")), ("volunteerIds", string.Join(',', called)), ("after", after),
            ("limit", limit.ToString(CultureInfo.InvariantCulture))))).Value;

        string? OnlyTrue(string name) => filter[name] == "true" ? "true" : null;
    }

    /// <summary>What confirming these cases by one signature says.</summary>
    public Task<Outcome<Manifest>> Manifest(Guid organisationId, IReadOnlyList<Guid> caseIds) =>
        api.Change<Manifest>(HttpMethod.Post, "manifests", new { organisationId, caseIds }, null);

    /// <summary>Confirms these cases by one signature, all or none.</summary>
    public Task<Outcome<NoBody>> ConfirmAll(Guid organisationId, IReadOnlyList<Guid> caseIds, string signature, Form form) =>
        api.Post("confirmations", new { organisationId, caseIds, signature }, form);

    /// <summary>How much is open, for an overview that shows without it too.</summary>
    public Task<OpenCases?> QueueOrNull(Guid organisationId) =>
        api.ReadOrNull<OpenCases>("cases" + Query(("organisationId", organisationId.ToString()), ("status", "open"), ("limit", "1")));

    /// <summary>A case with its version.</summary>
    public Task<Tagged<HoursCase>> Case(Guid id) => api.Read<HoursCase>($"cases/{id}");

    /// <summary>A case with its version, or null when it is not the caller's to see or Verification is away.</summary>
    public Task<Tagged<HoursCase>?> CaseOrNull(Guid id) => api.TaggedOrNull<HoursCase>($"cases/{id}");

    /// <summary>What volunteers say with cases, of those that the caller may see; null when it cannot be read just now.</summary>
    public async Task<IReadOnlyDictionary<Guid, Submission>?> Submissions(IEnumerable<Guid> cases)
    {
        // As many as the API answers at once.
        var parts = await Task.WhenAll(
            cases.Chunk(100).Select(some => api.ReadOrNull<List<Submission>>("cases/submissions" + Query(("ids", string.Join(',', some))))));
        return parts.Contains(null) ? null : parts.SelectMany(part => part!).ToDictionary(one => one.CaseId);
    }

    /// <summary>Every change of a case, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"cases/{id}/history")).Value;

    /// <summary>Confirms with a signature (JWS compact).</summary>
    public Task<Outcome<NoBody>> Confirm(Guid id, string signature, Form form) => api.Post($"cases/{id}/confirmation", new { signature }, form);

    /// <summary>What is signed to confirm only these shifts.</summary>
    public Task<Outcome<string>> PartialStatement(Guid id, IReadOnlyList<Shift> shifts) => api.ReadText($"cases/{id}/statement", new { shifts });

    /// <summary>Confirms only these shifts with a signature.</summary>
    public Task<Outcome<NoBody>> ConfirmPart(Guid id, IReadOnlyList<Shift> shifts, string reason, string signature, Form form) =>
        api.Post($"cases/{id}/confirmation", new { signature, shifts, reason }, form);

    /// <summary>The volunteer agrees to less than was submitted.</summary>
    public Task<Outcome<NoBody>> AcceptPart(Guid id, Form form) => api.Post($"cases/{id}/acceptance", new { }, form);

    /// <summary>The volunteer disputes what was decided.</summary>
    public Task<Outcome<NoBody>> Dispute(Guid id, string text, Form form) => api.Post($"cases/{id}/dispute", new { text }, form);

    /// <summary>Says something in a dispute, on the caller's side.</summary>
    public Task<Outcome<NoBody>> AnswerDispute(Guid id, string text, Form form) => api.Post($"cases/{id}/dispute/messages", new { text }, form);

    /// <summary>The administrator settles a dispute: the decision stands, or the entry counts, in full or for these shifts.</summary>
    public Task<Outcome<NoBody>> Settle(Guid id, bool stands, string reason, IReadOnlyList<Shift>? shifts, Form form) =>
        api.Post($"cases/{id}/dispute/settlement", new { outcome = stands ? "stands" : "confirmed", reason, shifts }, form);

    /// <summary>Disputes that wait for the administrator, the longest first.</summary>
    public async Task<Page<DisputedCase>> Disputes(string? after) =>
        (await api.Read<Page<DisputedCase>>("cases/disputed" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>Work in signed sheets that is not in the caller's book, the latest first; nothing while Verification is away.</summary>
    public async Task<IReadOnlyList<Proposal>> ProposalsOrNone() => await api.ReadOrNull<List<Proposal>>("proposals") ?? [];

    /// <summary>The same, for the page that is about it.</summary>
    public async Task<IReadOnlyList<Proposal>> Proposals() => (await api.Read<List<Proposal>>("proposals")).Value;

    /// <summary>Says that a row is not about work for one's book.</summary>
    public Task<Outcome<NoBody>> Decline(Guid sheetId, int line, string reason, Form form) =>
        api.Post($"proposals/{sheetId}/{line}/refusal", new { reason }, form);

    /// <summary>Rows of a signed sheet that nobody claims, after a line.</summary>
    public async Task<UnclaimedRows> Unclaimed(Guid id, string? after) =>
        (await api.Read<UnclaimedRows>($"sheets/{id}/unclaimed" + Query(("after", after), ("limit", "50")))).Value;

    /// <summary>What is signed to take a confirmation back for this reason.</summary>
    public Task<Outcome<string>> RevocationStatement(Guid id, string reason) => api.ReadText($"cases/{id}/revocation-statement", new { reason });

    /// <summary>Takes a confirmation back with a signature.</summary>
    public Task<Outcome<NoBody>> Revoke(Guid id, string reason, string signature, Form form) =>
        api.Post($"cases/{id}/revocation", new { reason, signature }, form);

    /// <summary>How an organisation confirms, with the version of its rules.</summary>
    public Task<Tagged<ConfirmationRules>> Rules(Guid organisationId) => api.Read<ConfirmationRules>($"confirmation-rules/{organisationId}");

    /// <summary>Says how the organisation confirms from now on.</summary>
    public Task<Outcome<NoBody>> SetRules(Guid organisationId, PointsRule? points, int? decideWithinDays, MatchingRule matching, Form form) =>
        api.Change<NoBody>(HttpMethod.Put, $"confirmation-rules/{organisationId}", new { points, decideWithinDays, matching }, form);

    /// <summary>Delegations of an organisation that are not over.</summary>
    public async Task<IReadOnlyList<Delegation>> Delegations(Guid organisationId) =>
        (await api.Read<List<Delegation>>("delegations" + Query(("organisationId", organisationId.ToString())))).Value;

    /// <summary>All delegations that concern the caller, for an overview that shows without them too.</summary>
    public async Task<IReadOnlyList<Delegation>> DelegationsOrNone() => await api.ReadOrNull<List<Delegation>>("delegations") ?? [];

    /// <summary>Lets a person work on the organisation's queue for a time.</summary>
    public Task<Outcome<NoBody>> Delegate(object delegation, Form form) => api.Post("delegations", delegation, form);

    /// <summary>Takes a delegation back.</summary>
    public Task<Outcome<NoBody>> WithdrawDelegation(Guid id, Form form) => api.Post($"delegations/{id}/withdrawal", new { }, form);

    /// <summary>How fast organisations decide, by name or by share.</summary>
    public async Task<Page<ServiceLevel>> ServiceLevels(string? sort, string? after) =>
        (await api.Read<Page<ServiceLevel>>("service-levels" + Query(("sort", sort), ("after", after), ("limit", "50")))).Value;

    /// <summary>How fast an organisation decides, or null when Verification does not know it or is away.</summary>
    public Task<ServiceLevel?> ServiceLevelOrNull(Guid organisationId) => api.ReadOrNull<ServiceLevel>($"service-levels/{organisationId}");

    /// <summary>What both sides said of a case's work; nothing while Verification is away.</summary>
    public async Task<IReadOnlyList<Review>> ReviewsOfCase(Guid id) => await api.ReadOrNull<List<Review>>($"cases/{id}/reviews") ?? [];

    /// <summary>What volunteers say about an organisation, newest first; null while Verification is away.</summary>
    public Task<OrganisationsReviews?> ReviewsOrNull(Guid organisationId, string? after) =>
        api.ReadOrNull<OrganisationsReviews>("reviews" + Query(("organisationId", organisationId.ToString()), ("after", after), ("limit", "20")));

    /// <summary>What the caller wrote as a volunteer, and what was written of the caller, the newest first.</summary>
    public async Task<Page<Review>> MyReviews(string? after) => (await api.Read<Page<Review>>("reviews/mine" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>Reported reviews, longest waiting first; for the administrator.</summary>
    public async Task<Page<ReportedReview>> ReportedReviews(string? after) =>
        (await api.Read<Page<ReportedReview>>("reviews/reported" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>Writes a review of the other side.</summary>
    public Task<Outcome<NoBody>> GiveReview(Guid caseId, int rating, string text, bool recommendation, Form form) =>
        api.Post($"cases/{caseId}/reviews", new { rating, text, recommendation }, form);

    /// <summary>Changes a review: <c>corrections</c>, <c>withdrawal</c>, <c>answer</c>, <c>report</c> or <c>settlement</c>.</summary>
    public Task<Outcome<NoBody>> ChangeReview(Guid id, string what, object body, Form form) => api.Post($"reviews/{id}/{what}", body, form);

    /// <summary>Cases of all organisations that are late, the oldest first; for the administrator.</summary>
    public async Task<Page<EscalatedCase>> Escalated(string? after) =>
        (await api.Read<Page<EscalatedCase>>("cases/escalated" + Query(("after", after), ("limit", "20")))).Value;

    /// <summary>The administrator reminds the organisation of a case that is late.</summary>
    public Task<Outcome<NoBody>> Remind(Guid id, string? text, Form form) => api.Post($"cases/{id}/reminder", new { text }, form);

    /// <summary>An organisation's attendance sheets, the latest first.</summary>
    public async Task<Page<Sheet>> Sheets(Guid organisationId, string? after) =>
        (await api.Read<Page<Sheet>>("sheets" + Query(("organisationId", organisationId.ToString()), ("after", after), ("limit", "20")))).Value;

    /// <summary>An attendance sheet with its version.</summary>
    public Task<Tagged<Sheet>> Sheet(Guid id) => api.Read<Sheet>($"sheets/{id}");

    /// <summary>What is signed of a sheet.</summary>
    public Task<Outcome<string>> SheetStatement(Guid id, Guid? supersedes) =>
        api.ReadText($"sheets/{id}/statement" + Query(("supersedes", supersedes?.ToString())));

    /// <summary>A sheet where it is there.</summary>
    public Task<Sheet?> SheetOrNull(Guid id) => api.ReadOrNull<Sheet>($"sheets/{id}");

    /// <summary>An organisation's latest sheets that are signed and stand.</summary>
    public async Task<IReadOnlyList<Sheet>> SignedSheets(Guid organisationId) =>
        [.. (await api.Read<Page<Sheet>>("sheets" + Query(("organisationId", organisationId.ToString()), ("limit", "100")))).Value.Items
            .Where(sheet => sheet.Status == "signed")];

    /// <summary>Rows of a sheet that were accepted, after a line.</summary>
    public async Task<SheetRows> Rows(Guid id, string? after) =>
        (await api.Read<SheetRows>($"sheets/{id}/rows" + Query(("after", after), ("limit", "50")))).Value;

    /// <summary>
    /// People whom a sheet names otherwise than by their code, after a number: all of them, or those of whom it is still to be said who they are.
    /// </summary>
    public async Task<PeopleOfSheet> People(Guid id, bool unresolved, string? after) =>
        (await api.Read<PeopleOfSheet>($"sheets/{id}/people" + Query(("unresolved", unresolved ? "true" : null), ("after", after), ("limit", "20")))).Value;

    /// <summary>Says who people in a sheet are.</summary>
    public Task<Outcome<NoBody>> Resolve(Guid id, IReadOnlyList<SheetPerson> people, Form form) => api.Post($"sheets/{id}/people", new { people }, form);

    /// <summary>Rows of a sheet that were refused, after a line.</summary>
    public async Task<FaultyRows> Faults(Guid id, string? after) =>
        (await api.Read<FaultyRows>($"sheets/{id}/faults" + Query(("after", after), ("limit", "50")))).Value;

    /// <summary>Every change of a sheet, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> SheetHistory(Guid id) => (await api.Read<List<Happening>>($"sheets/{id}/history")).Value;

    /// <summary>Takes an attendance sheet in. The same bytes are the same sheet, so sending them twice has one effect without a key.</summary>
    public Task<Outcome<SheetReceipt>> Import(Guid organisationId, string? name, string? zone, string? start, byte[] file, string mediaType) =>
        api.Upload<SheetReceipt>(
            "sheets" + Query(("organisationId", organisationId.ToString()), ("name", name), ("zone", zone), ("start", start)), file, mediaType);

    /// <summary>Signs a sheet as a whole; it may take the place of one that was signed.</summary>
    public Task<Outcome<NoBody>> SignSheet(Guid id, string signature, Guid? supersedes, Form form) =>
        api.Post($"sheets/{id}/signature", new { signature, supersedes }, form);

    /// <summary>Drops a sheet that is not signed.</summary>
    public Task<Outcome<NoBody>> Discard(Guid id, Form form) => api.Post($"sheets/{id}/discard", new { }, form);

    /// <summary>Refuses to confirm.</summary>
    public Task<Outcome<NoBody>> Reject(Guid id, string reason, Form form) => api.Post($"cases/{id}/rejection", new { reason }, form);

    /// <summary>Asks the volunteer for changes.</summary>
    public Task<Outcome<NoBody>> Return(Guid id, string reason, Form form) => api.Post($"cases/{id}/return", new { reason }, form);

    /// <summary>Who was asked about a case.</summary>
    public async Task<IReadOnlyList<Inquiry>> Inquiries(Guid id) => (await api.Read<List<Inquiry>>($"cases/{id}/inquiries")).Value;

    /// <summary>Asks somebody without an account about a case.</summary>
    public Task<Outcome<Created>> Ask(Guid id, object inquiry, Form form) => api.Change<Created>(HttpMethod.Post, $"cases/{id}/inquiries", inquiry, form);

    /// <summary>What a link asks; a link that does not serve any more is a problem.</summary>
    public async Task<Outcome<InquiryQuestion>> Question(string token)
    {
        try
        {
            return new Outcome<InquiryQuestion>((await api.Read<InquiryQuestion>("inquiries/" + Uri.EscapeDataString(token))).Value, null);
        }
        catch (ApiException failure) when (failure.Problem.Status is 404 or 409 or 410)
        {
            return new Outcome<InquiryQuestion>(null, failure.Problem);
        }
    }

    /// <summary>Answers, once.</summary>
    public Task<Outcome<NoBody>> Answer(string token, bool confirms, string? reason, Form form) =>
        api.Post($"inquiries/{Uri.EscapeDataString(token)}", new { confirms, reason }, form);
}
