using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using UglyToad.PdfPig;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Documents.Pdf;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Documents.Checks;

/// <summary>Checks a PDF extract or certificate of hours: the portal's signature first, and only then what the file says.</summary>
internal static class ExtractCheck
{
    /// <summary>What every form of an organisation's statement begins with; what follows is the form's version.</summary>
    private const string StatementForms = "https://volunteerbook.example/statements/confirmation/";

    public static void Pdf(ReadOnlyMemory<byte> file, CheckTrust trust, DateTimeOffset now, List<Finding> findings)
    {
        if (PdfSignature.Read(file) is not { } signature)
        {
            findings.Add(new Finding(false, "signature", "No signature covers exactly the whole file, or there is something else beside it."));
            return;
        }

        if (!CmsCheck.Signature(signature.Cms, signature.Before.Span, signature.After.Span, trust, now, "the whole file", findings)
            || Attached(file, findings) is not { } document)
        {
            return;
        }

        Tell(document, findings);
        findings.Add(Totals(document));
        Statements(document, trust, findings);
    }

    private static ExtractDocument? Attached(ReadOnlyMemory<byte> file, List<Finding> findings)
    {
        try
        {
            return AttachedTo(file, findings);
        }
        // Someone who is trusted signed what is no PDF; the reader says so in many ways.
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            findings.Add(new Finding(false, "attachment", "What is signed cannot be read as a PDF: " + unreadable.Message));
            return null;
        }
    }

    private static ExtractDocument? AttachedTo(ReadOnlyMemory<byte> file, List<Finding> findings)
    {
        CheckCost.Parsed(file.Length);
        using var pdf = PdfDocument.Open(file);
        if (!pdf.Advanced.TryGetEmbeddedFiles(out var files) || files is not [{ Name: ExtractJson.FileName } only]
            || ExtractJson.Read(only.Memory.Span) is not { } document)
        {
            findings.Add(new Finding(false, "attachment", $"There must be exactly one, {ExtractJson.FileName}, in canonical form."));
            return null;
        }

        var pages = string.Concat(pdf.GetPages().SelectMany(page => page.Letters).Select(letter => letter.Value))
            .Replace("\u00a0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var missing = Shown(document).FirstOrDefault(
            text => !pages.Contains(text.Replace("\u00a0", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal));
        findings.Add(missing is null
            ? new Finding(true, "attachment", $"{ExtractJson.FileName} is under the signature, and the pages show its number and totals")
            : new Finding(false, "attachment", $"The pages do not show “{missing}”, which is in the attached data."));
        return document;
    }

    // What the pages must show of the data, however they were laid out.
    private static IEnumerable<string> Shown(ExtractDocument document)
    {
        var say = new Wording(document.Language);
        yield return document.Number;
        var totals = document.Scope.Kind == ExtractScopeKind.Event
            ? []
            : document.Totals.Concat(document.Claimed?.Totals ?? []).Where(total => total.Entries > 0).Select(total => (long)total.Minutes);
        foreach (var sum in totals.Append(document.Totals.Sum(total => (long)total.Minutes)))
        {
            yield return say.Duration(sum);
        }
    }

    private static void Tell(ExtractDocument document, List<Finding> findings)
    {
        findings.Add(new Finding(null, "document", string.Create(CultureInfo.InvariantCulture,
            $"{document.Number}, issued {document.IssuedAt:yyyy-MM-ddTHH:mm:sszzz} by {document.Issuer}, as of {document.AsOf:yyyy-MM-ddTHH:mm:sszzz}")));
        findings.Add(new Finding(
            null, "holder",
            document.Holder.Name + (document.Holder.BirthDate is { } born ? ", born " + born.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "")));
        findings.Add(new Finding(null, "scope", document.Scope switch
        {
            { From: { } from, Until: { } until } =>
                string.Create(CultureInfo.InvariantCulture, $"{ExtractJson.Kebab(document.Scope.Kind)} {from:yyyy-MM-dd}..{until:yyyy-MM-dd}"),
            { Name: { } name } => $"{ExtractJson.Kebab(document.Scope.Kind)} {name}",
            var scope => ExtractJson.Kebab(scope.Kind),
        }));
        foreach (var total in document.Totals)
        {
            findings.Add(new Finding(null, "total", $"{ExtractJson.Kebab(total.Grade)}: {total.Minutes} min in {total.Entries} entries"));
        }

        foreach (var total in (document.Claimed?.Totals ?? []).Where(total => total.Entries > 0))
        {
            findings.Add(new Finding(
                null, "claimed",
                $"{ExtractJson.Kebab(total.Grade)}: {total.Minutes} min in {total.Entries} entries, confirmed by nobody and not in the totals"));
        }
    }

    private static Finding Totals(ExtractDocument document)
    {
        if (document.Scope.Kind == ExtractScopeKind.TotalsOnly)
        {
            return document.Entries.Count == 0 && document.Claimed is not { Entries.Count: > 0 }
                ? new Finding(null, "totals", "there are no entries, so they cannot be added up again")
                : new Finding(false, "totals", "There are entries, although it is an extract of totals only.");
        }

        var claims = document.Claimed ?? new ExtractClaims([], []);
        return document.Entries.Concat(claims.Entries).Any(entry => entry.Minutes != entry.Shifts.Sum(shift => shift.Minutes)
            || entry.OverlapMinutes < 0 || entry.OutsideMinutes < 0 || entry.CountedMinutes < 0)
                ? new Finding(false, "totals", "An entry's minutes are not the sum of its shifts.")
            : !document.Totals.SequenceEqual(ExtractDocument.TotalsOf(document.Entries)) || document.Points != document.Entries.Sum(entry => entry.Points)
                || (document.Claimed is not null && !claims.Totals.SequenceEqual(ExtractDocument.TotalsOf(claims.Entries)))
                ? new Finding(false, "totals", "They are not what the entries add up to.")
            : claims.Entries.Any(entry => entry.Grade >= EvidenceGrade.Confirmed || entry.Signature is not null)
                ? new Finding(false, "totals", "A confirmed entry is listed among those that are not confirmed.")
            : new Finding(true, "totals", $"{document.Entries.Count} entries add up to them");
    }

    private static void Statements(ExtractDocument document, CheckTrust trust, List<Finding> findings)
    {
        var stand = 0;
        var inLog = 0;
        var certificates = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (index, entry) in document.Entries.Index())
        {
            if (FaultOf(entry, document.Holder.VolunteerId) is { } fault)
            {
                findings.Add(new Finding(false, "organisation", $"Entry {index + 1}, {entry.Organisation}: {fault}"));
                continue;
            }

            if (entry.Signature is not { } signature)
            {
                continue;
            }

            stand++;
            if (signature.Key is null && CmsSignature.ReadBase64(signature.Text) is { Signer: { } signer })
            {
                certificates.Add($"{entry.Organisation}: signed with GOST R 34.10-2012 under the certificate of {GostCertificate.NameOf(signer.SubjectDN)}, "
                    + $"issued by {GostCertificate.NameOf(signer.IssuerDN)}, SHA-256 "
                    + $"{Convert.ToHexStringLower(SHA256.HashData(signer.GetEncoded()))}; its issuer is not checked");
            }

            if (signature.LogInclusion is { } proof && trust.Log is { } log)
            {
                if (log.Proves(proof, signature.Text))
                {
                    inLog++;
                }
                else
                {
                    findings.Add(new Finding(
                        false, "log",
                        $"Entry {index + 1}: the proof does not show that the signature is in the log, under any of its keys known here. "
                            + "A log that has changed its key lists all of them at /api/v1/log/keys."));
                }
            }
        }

        if (stand > 0)
        {
            findings.Add(new Finding(
                true, "organisations", $"{stand} of {document.Entries.Count} entries bear their organisation's own signature over their facts"));
        }

        foreach (var certificate in certificates)
        {
            findings.Add(new Finding(null, "organisation", certificate));
        }

        if (trust.Log is not null)
        {
            findings.Add(new Finding(
                null, "log",
                $"{inLog} of {stand} signatures are proven to be in the log" + (inLog < stand ? "; the document has no proof for the others" : "")));
        }
        else if (document.Entries.Any(entry => entry.Signature?.LogInclusion is not null))
        {
            findings.Add(new Finding(null, "log", "proofs of inclusion are attached; without the log's key they are not checked"));
        }
    }

    private static string? FaultOf(ExtractEntry entry, Guid volunteer)
    {
        if (entry.Signature is not { } signature)
        {
            return entry.Grade == EvidenceGrade.Signed ? "it says that it is signed, but it is not." : null;
        }

        if (entry.Grade != EvidenceGrade.Signed)
        {
            return "it is signed, but says that it is not.";
        }

        return FaultOf(signature, out var payload)
            ?? ((signature.Lines is { } lines ? DifferingIn(payload, lines, entry, volunteer) : Differing(payload, entry, volunteer)) is { } fact
                ? $"the organisation signed something else: {fact} differs."
                : null);
    }

    private static string? FaultOf(OrganisationSignature signature, out byte[] payload)
    {
        if (signature.Key is not { } key)
        {
            payload = Encoding.UTF8.GetBytes(signature.Statement ?? "");
            return CmsSignature.ReadBase64(signature.Text) is not { } cms ? "its signature is not a CMS signature in canonical form."
                : cms.Signer is not { } signer || GostSignature.Verify(cms, payload, signer) is not null ? "its signature is not valid."
                : null;
        }

        var jws = CompactJws.Read(signature.Text);
        payload = jws?.Payload ?? [];
        return jws is null ? "its signature is not a compact JWS."
            : jws.Kid != key.Kid() ? "its signature names another key."
            : jws.Verify(key) is not null ? "its signature is not valid."
            : null;
    }

    // A list was signed as a whole; of its lines those about this entry are shown.
    private static string? DifferingIn(byte[] payload, IReadOnlyList<SignedLine> lines, ExtractEntry entry, Guid volunteer)
    {
        if (StrictJson.Read(payload) is not { } list || !lines.All(line => ListStatement.Holds(list, line)))
        {
            return "the list";
        }

        return list["form"] switch
        {
            JsonValue form when form.TryGetValue<string>(out var name) && name == ListStatement.ManifestForm =>
                lines is [var one] ? Differing(Encoding.UTF8.GetBytes(one.Text), entry, volunteer) : "the line",
            JsonValue form when form.TryGetValue<string>(out var name) && name == ListStatement.SheetForm => DifferingInSheet(list, lines, entry, volunteer),
            _ => "the form",
        };
    }

    private static string? DifferingInSheet(JsonNode sheet, IReadOnlyList<SignedLine> lines, ExtractEntry entry, Guid volunteer)
    {
        if (sheet["organisationId"] is not JsonValue organisation || !organisation.TryGetValue<string>(out var id) || id != entry.OrganisationId.ToString())
        {
            return "organisationId";
        }

        if (sheet[ListStatement.ConfirmsWithin] is not JsonValue bound || !bound.TryGetValue<int>(out var within))
        {
            return ListStatement.ConfirmsWithin;
        }

        var rows = lines.Select(line => AttendanceRow.Read(Encoding.UTF8.GetBytes(line.Text)))
            .Where(row => row is { Attended: true } && row.VolunteerId == volunteer).ToList();
        // A row evidences one shift.
        var fitting = entry.Shifts.Select(shift => (IReadOnlyList<int>)
            [.. rows.Index().Where(row => !row.Item!.Differences(shift, entry.Project, entry.TaskType, entry.Region, null, within).Any())
                .Select(row => row.Index)]).ToList();
        return OneToOne.Assign(fitting).All(row => row is not null) ? null : "the row";
    }

    // What we know of a statement must be the entry's; what a later version adds is the organisation's and ours to know then.
    private static string? Differing(byte[] payload, ExtractEntry entry, Guid volunteer)
    {
        if (StrictJson.Read(payload) is not { } statement || statement["form"] is not JsonValue form
            || !form.TryGetValue<string>(out var name) || !name.StartsWith(StatementForms, StringComparison.Ordinal))
        {
            return "the form";
        }

        var facts = new JsonObject
        {
            ["entryId"] = entry.EntryId.ToString(),
            ["volunteerId"] = volunteer.ToString(),
            ["organisationId"] = entry.OrganisationId.ToString(),
            ["project"] = entry.Project,
            ["taskType"] = entry.TaskType,
            ["region"] = entry.Region,
            ["minutes"] = entry.Minutes,
            ["shifts"] = ShiftJson.Of(entry.Shifts),
        };
        return facts.Where(fact => !JsonNode.DeepEquals(fact.Value, statement[fact.Key])).Select(fact => fact.Key).FirstOrDefault();
    }
}
