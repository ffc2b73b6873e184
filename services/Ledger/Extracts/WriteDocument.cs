using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marten;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>An entry that a document tells of, and what counts in it there.</summary>
public sealed record Written(EntryView Entry, Counted Counted)
{
    /// <summary>Whether its organisation confirmed it: only then does an official document count it.</summary>
    public bool IsConfirmed => Entry.Confirmation is not null;

    /// <summary>
    /// What a scope takes from a book, the latest work first. Where a minute counts, the whole book decides: so documents
    /// of its parts add up to that of the whole.
    /// </summary>
    public static IReadOnlyList<Written> InScope(IEnumerable<EntryView> book, ExtractScope scope)
    {
        var counting = book.Where(entry => BookLine.Of(entry).Counts).ToDictionary(entry => entry.Id);
        return
        [
            .. Counted.InPeriod(counting.Values, scope.Period).Select(counted => new Written(counting[counted.Line.Id], counted))
                .Where(one => (one.IsConfirmed || scope.WithClaimed)
                    && (scope.EntryId ?? one.Entry.Id) == one.Entry.Id
                    && (scope.OrganisationId ?? one.Entry.OrganisationId) == one.Entry.OrganisationId)
                .OrderByDescending(one => one.Entry.FirstStart).ThenByDescending(one => one.Entry.Id),
        ];
    }
}

/// <summary>Puts entries of a book into the words and the form of a document: what the signer signs and a stranger reads.</summary>
public sealed class WriteDocument(IssuerKeys issuer, PublishedLog log, Names names)
{
    /// <summary>The zone in which documents tell their own time: Moscow's, as state documents do.</summary>
    public const string Zone = "Europe/Moscow";

    /// <summary>The document over entries that are in its scope.</summary>
    public async Task<ExtractDocument> OfAsync(
        IQuerySession session, IReadOnlyList<Written> works, ExtractScope scope,
        (string Name, DateOnly? BirthDate) holder, Guid volunteer, string number, string language,
        DateTimeOffset asOf, DateTimeOffset issuedAt, CancellationToken ct)
    {
        var organisations = await names.OfOrganisationsAsync(
            works.Select(work => work.Entry.OrganisationId).Concat(scope.OrganisationId is { } only ? [only] : []), ct);
        var signatures = await SignaturesAsync(session, [.. works.Select(work => work.Entry)], ct);
        var written = works.ToLookup(work => work.IsConfirmed, work => Write(work, language, organisations, signatures));
        return new ExtractDocument
        {
            Number = number,
            IssuedAt = InZone(DateTimeOffset.FromUnixTimeSeconds(issuedAt.ToUnixTimeSeconds())),
            Zone = Zone,
            Language = language,
            Issuer = issuer.Name,
            CheckUrl = $"{issuer.Address.ToString().TrimEnd('/')}/check/{number}",
            Holder = new ExtractHolder(volunteer, holder.Name, holder.BirthDate),
            Scope = InWords(scope, works, organisations, asOf),
            AsOf = InZone(
                DateTimeOffset.UnixEpoch.AddTicks((asOf - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond)),
            Totals = ExtractDocument.TotalsOf([.. written[true]]),
            Points = written[true].Sum(entry => entry.Points),
            Entries = scope.TotalsOnly ? [] : [.. written[true]],
            Claimed = scope.WithClaimed ? new ExtractClaims(ExtractDocument.TotalsOf([.. written[false]]), scope.TotalsOnly ? [] : [.. written[false]]) : null,
        };
    }

    private static Documents.Extracts.ExtractScope InWords(
        ExtractScope scope, IReadOnlyList<Written> works, IReadOnlyDictionary<Guid, string> organisations, DateTimeOffset asOf)
    {
        if (scope.EntryId is not null)
        {
            return new(ExtractScopeKind.Event, Name: works[0].Entry.Project);
        }

        var bounded = scope.From is not null || scope.To is not null;
        var days = bounded ? works.Select(work => Tally.Alone(work.Entry.Work(), scope.Period)!).ToList() : [];
        var today = DateOnly.FromDateTime(asOf.UtcDateTime);
        return new(
            scope.TotalsOnly ? ExtractScopeKind.TotalsOnly : scope.OrganisationId is not null
                ? ExtractScopeKind.Organisation : bounded ? ExtractScopeKind.Period : ExtractScopeKind.WholeBook,
            bounded ? scope.From ?? days.Select(share => share.From).DefaultIfEmpty(today).Min() : null,
            bounded ? scope.To ?? days.Select(share => share.To).DefaultIfEmpty(today).Max() : null,
            scope.OrganisationId is { } organisation ? organisations[organisation] : null);
    }

    private static DateTimeOffset InZone(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(Zone));

    private static ExtractEntry Write(
        Written work, string language, IReadOnlyDictionary<Guid, string> organisations, IReadOnlyDictionary<Guid, OrganisationSignature> signatures)
    {
        var (entry, counted) = work;
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
            Shifts = entry.Shifts,
            Minutes = entry.Minutes,
            OverlapMinutes = counted.Claimed - counted.Minutes,
            OutsideMinutes = entry.Minutes - counted.Claimed,
            Volume = entry.Volume?.Amount,
            VolumeUnit = unit is null ? null : russian ? unit.Russian : unit.English,
            Points = counted.Points,
            Grade = entry.Grade == EvidenceGrade.Signed && !signatures.ContainsKey(entry.Id) ? EvidenceGrade.Confirmed : entry.Grade,
            Signature = signatures.GetValueOrDefault(entry.Id),
        };
    }

    private async Task<IReadOnlyDictionary<Guid, OrganisationSignature>> SignaturesAsync(
        IQuerySession session, IReadOnlyList<EntryView> entries, CancellationToken ct)
    {
        var standing = entries.Where(entry => entry.Confirmation is not null).ToDictionary(entry => entry.Id, entry => entry.Confirmation!.Revision);
        if (standing.Count == 0)
        {
            return new Dictionary<Guid, OrganisationSignature>();
        }

        var ids = standing.Keys.ToArray();
        var confirmed = await session.Events.QueryAllRawEvents()
            .Where(stored => ids.Contains(stored.StreamId) && stored.EventTypeName == "entry_confirmed").ToListAsync(ct);
        var signed = confirmed.Where(stored => stored.Data is EntryConfirmed { Signature: not null } e
            && (e.Key is not null || e.Statement is not null) && standing[stored.StreamId] == e.Revision).ToList();
        var proven = await log.ProofsOfAsync([.. signed.Select(stored => stored.Id)], ct);
        return signed.ToDictionary(stored => stored.StreamId, stored =>
        {
            var e = (EntryConfirmed)stored.Data;
            return new OrganisationSignature(
                e.Signature!, e.Key is { } key ? new PublicJwk(key.X, key.Y) : null,
                proven is var (checkpoint, proofs) && proofs.TryGetValue(stored.Id, out var leaf) ? Inclusion(checkpoint, leaf) : null, e.Lines, e.Statement);
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
