using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marten;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Extracts;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>Puts entries of a book into the words and the form of a document: what the signer signs and a stranger reads.</summary>
public sealed class WriteDocument(IssuerKeys issuer, PublishedLog log, Names names)
{
    /// <summary>The zone in which documents tell their own time: Moscow's, as state documents do.</summary>
    public const string Zone = "Europe/Moscow";

    /// <summary>The entries that a scope takes from a book, without those that do not count.</summary>
    public static IReadOnlyList<Entry> InScope(IEnumerable<Entry> book, ExtractScope scope) =>
    [
        .. book.Where(entry => BookLine.Of(entry).Counts
            && (scope.EntryId is null || entry.Id == scope.EntryId)
            && (scope.OrganisationId is null || entry.OrganisationId == scope.OrganisationId)
            // An entry is of the period in which it began; its shifts are not torn apart, for the organisation signed them together.
            && DateOnly.FromDateTime(entry.Shifts.Min(shift => shift.Start)) >= (scope.From ?? DateOnly.MinValue)
            && DateOnly.FromDateTime(entry.Shifts.Min(shift => shift.Start)) <= (scope.To ?? DateOnly.MaxValue))
            .OrderByDescending(entry => entry.FirstStart).ThenByDescending(entry => entry.Id),
    ];

    /// <summary>The document over entries that are in its scope.</summary>
    public async Task<ExtractDocument> OfAsync(
        IQuerySession session, IReadOnlyList<Entry> entries, ExtractScope scope, (string Name, DateOnly? BirthDate) holder, Guid volunteer, string number, string language,
        DateTimeOffset asOf, DateTimeOffset issuedAt, CancellationToken ct)
    {
        var organisations = await names.OfOrganisationsAsync(entries.Select(entry => entry.OrganisationId).Concat(scope.OrganisationId is { } only ? [only] : []), ct);
        var signatures = await SignaturesAsync(session, entries, ct);
        var overlaps = Overlaps.Of(entries.Select(entry => new Work(entry.Id, entry.Grade, entry.FirstStart, entry.Shifts)))
            .GroupBy(overlap => overlap.EntryId).ToDictionary(entry => entry.Key, entry => entry.Sum(overlap => overlap.Minutes));
        var written = entries.Select(entry => Write(entry, language, organisations, signatures, overlaps.GetValueOrDefault(entry.Id))).ToList();
        return new ExtractDocument
        {
            Number = number,
            IssuedAt = InZone(issuedAt),
            Zone = Zone,
            Language = language,
            Issuer = issuer.Name,
            CheckUrl = $"{issuer.Address.ToString().TrimEnd('/')}/check/{number}",
            Holder = new ExtractHolder(volunteer, holder.Name, holder.BirthDate),
            Scope = scope switch
            {
                { EntryId: not null } => new(ExtractScopeKind.Event, Name: entries[0].Project),
                { TotalsOnly: true } => new(ExtractScopeKind.TotalsOnly),
                { OrganisationId: { } organisation } => new(ExtractScopeKind.Organisation, scope.From, scope.To, organisations[organisation]),
                { From: null, To: null } => new(ExtractScopeKind.WholeBook),
                _ => new(ExtractScopeKind.Period, scope.From ?? Day(entries, days => days.Min(), asOf), scope.To ?? Day(entries, days => days.Max(), asOf)),
            },
            AsOf = InZone(asOf),
            Totals = ExtractDocument.TotalsOf(written),
            Points = written.Sum(entry => entry.Points),
            Entries = scope.TotalsOnly ? [] : written,
        };
    }

    private static DateTimeOffset InZone(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()), TimeZoneInfo.FindSystemTimeZoneById(Zone));

    private static DateOnly Day(IReadOnlyList<Entry> entries, Func<IEnumerable<DateOnly>, DateOnly> choose, DateTimeOffset otherwise) =>
        entries.Count == 0 ? DateOnly.FromDateTime(otherwise.UtcDateTime) : choose(entries.SelectMany(entry => entry.Shifts).Select(shift => DateOnly.FromDateTime(shift.Start)));

    private static ExtractEntry Write(
        Entry entry, string language, IReadOnlyDictionary<Guid, string> organisations, IReadOnlyDictionary<Guid, OrganisationSignature> signatures, int overlap)
    {
        var russian = language == "ru";
        var unit = VolumeUnits.Find(entry.Volume?.Unit);
        return new ExtractEntry
        {
            EntryId = entry.Id,
            OrganisationId = entry.OrganisationId,
            Organisation = organisations[entry.OrganisationId],
            Project = entry.Project,
            TaskType = entry.TaskType,
            TaskTypeName = TaskTypes.Find(entry.TaskType) is { } type ? russian ? type.Russian : type.English : entry.TaskType,
            ResponsibilityLevel = (entry.Level, russian) switch
            {
                (ResponsibilityLevel.TeamLead, true) => "руководитель группы",
                (ResponsibilityLevel.TeamLead, false) => "team lead",
                (ResponsibilityLevel.Coordinator, true) => "координатор",
                (ResponsibilityLevel.Coordinator, false) => "coordinator",
                (ResponsibilityLevel.Expert, true) => "эксперт",
                (ResponsibilityLevel.Expert, false) => "expert",
                (_, true) => "участник",
                _ => "participant",
            },
            Place = entry.Place,
            Region = entry.Region,
            RegionName = Regions.Find(entry.Region) is { } region ? russian ? region.Russian : region.English : entry.Region,
            Shifts = [.. entry.Shifts.Select(shift => new ExtractShift(shift.Start, shift.Zone, shift.Minutes))],
            Minutes = entry.Minutes,
            OverlapMinutes = overlap,
            Volume = entry.Volume?.Amount,
            VolumeUnit = unit is null ? null : russian ? unit.Russian : unit.English,
            Points = entry.Points,
            Grade = entry.Grade == EvidenceGrade.Signed && !signatures.ContainsKey(entry.Id) ? EvidenceGrade.Confirmed : entry.Grade,
            Signature = signatures.GetValueOrDefault(entry.Id),
        };
    }

    private async Task<IReadOnlyDictionary<Guid, OrganisationSignature>> SignaturesAsync(IQuerySession session, IReadOnlyList<Entry> entries, CancellationToken ct)
    {
        var standing = entries.Where(entry => entry.Confirmation is not null).ToDictionary(entry => entry.Id, entry => entry.Confirmation!.Revision);
        if (standing.Count == 0)
        {
            return new Dictionary<Guid, OrganisationSignature>();
        }

        var ids = standing.Keys.ToArray();
        var confirmed = await session.Events.QueryAllRawEvents().Where(stored => ids.Contains(stored.StreamId) && stored.EventTypeName == "entry_confirmed").ToListAsync(ct);
        var signed = confirmed.Where(stored => stored.Data is EntryConfirmed { Signature: not null } e && (e.Key is not null || e.Statement is not null) && standing[stored.StreamId] == e.Revision).ToList();
        var proven = await log.ProofsOfAsync([.. signed.Select(stored => stored.Id)], ct);
        return signed.ToDictionary(stored => stored.StreamId, stored =>
        {
            var e = (EntryConfirmed)stored.Data;
            return new OrganisationSignature(
                e.Signature!, e.Key is { } key ? new PublicJwk(key.X, key.Y) : null, proven is var (checkpoint, proofs) && proofs.TryGetValue(stored.Id, out var leaf) ? Inclusion(checkpoint, leaf) : null, e.Lines, e.Statement);
        });
    }

    private static JsonObject Inclusion(string checkpoint, LeafProof leaf) => new()
    {
        ["checkpoint"] = checkpoint,
        ["index"] = leaf.Index.ToString(CultureInfo.InvariantCulture),
        ["record"] = leaf.Record,
        ["salt"] = JsonSerializer.SerializeToNode(leaf.Salt),
        ["hashes"] = JsonSerializer.SerializeToNode(leaf.Inclusion),
    };
}
