using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Checks;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// What a stranger's file costs the ledger, at its own address: the processor's time of the dearest of many files of the greatest length,
/// beside that of a genuine extract; the memory that all of them at once take, beside that of the idle service; and how long somebody else's
/// read takes meanwhile, beside the same in quiet.
/// </summary>
internal static class CheckBench
{
    private const int Times = 5;
    private const int Strangers = 24;
    // Quiet and strangers in turns, so that whatever else the machine does meets both. A turn lasts until so many files have been
    // answered, and each stranger goes on until then.
    private const int Turns = 2;
    private const int Files = 48;
    private const int Reads = 500;

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var volunteer = await ground.Nobody.Person(DemoAccounts.Volunteer(107)).WithANameAsync(ct);
        var (extract, credential) = await GenuineAsync(ground, volunteer, ct);
        using var root = X509CertificateLoader.LoadCertificate(PemBytes((await ground.Nobody.GetAsync("issuer/root", ct)).Text));
        var hostile = Hostile(extract, credential, root.SubjectName).ToList();
        using var ledger = new HttpClient { BaseAddress = ground.System.Address("ledger") };
        using var process = Process.GetProcessById(ground.System.ProcessId("ledger"));

        using var reader = new Reader(ground.System.Gateway, (await volunteer.TokenAsync(ct))!, "book");
        // A service that has worked, and that has looked at documents.
        await reader.TimesAsync(Reads, ct);
        var honest = await CostAsync(process, ledger, "application/pdf", extract, ct);
        await Ground.QuietAsync(ct);
        var idle = Resident(process);

        // Each once first: what is compiled at its first use is not the file's cost.
        foreach (var (_, type, file) in hostile)
        {
            await CheckAsync(ledger, type, file, ct);
        }

        honest = await CostAsync(process, ledger, "application/pdf", extract, ct);
        var (dearest, most) = ("", TimeSpan.Zero);
        foreach (var (name, type, file) in hostile)
        {
            var cost = await CostAsync(process, ledger, type, file, ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {file.Length:N0} bytes, {cost.TotalMilliseconds:0} ms of CPU"));
            (dearest, most) = cost > most ? (name, cost) : (dearest, most);
        }

        Ground.Report(
            "check-of-the-dearest-hostile-file", most.TotalMilliseconds, honest.TotalMilliseconds, $"ms of CPU ({dearest}; baseline: a genuine extract)");

        foreach (var strangers in new[] { 1, Strangers })
        {
            var (quiet, meanwhile, peak) = (new List<double>(), new List<double>(), 0.0);
            for (var turn = 0; turn < Turns; turn++)
            {
                await Ground.QuietAsync(ct);
                quiet.AddRange(await reader.TimesAsync(Reads, ct));
                using var enough = new CancellationTokenSource();
                var times = reader.TimesAsync(int.MaxValue, enough.Token, () => peak = Math.Max(peak, Resident(process)));
                var answered = 0;
                await Task.WhenAll(Enumerable.Range(0, strangers).Select(StrangerAsync));
                meanwhile.AddRange(await times);

                async Task StrangerAsync(int number)
                {
                    for (; !enough.IsCancellationRequested; number++)
                    {
                        await CheckAsync(ledger, hostile[number % hostile.Count].Type, hostile[number % hostile.Count].File, ct);
                        if (Interlocked.Increment(ref answered) == Files)
                        {
                            await enough.CancelAsync();
                        }
                    }
                }
            }

            Ground.ReportTimes($"read-while-{strangers}-strangers-check", meanwhile, quiet);
            Ground.Report($"memory-while-{strangers}-strangers-check", peak, idle, "MB");
        }
    }

    // Every kind as long as its kind may be, and again with the name of the issuer that everybody trusts, and with a genuine signature inside.
    private static IEnumerable<(string Name, string Type, byte[] File)> Hostile(byte[] extract, byte[] credential, X500DistinguishedName root)
    {
        var payload = CompactJws.Read(Encoding.ASCII.GetString(credential))!.Payload;
        yield return ("eight certificates of RSA-16384", "application/vc+jwt", HostileDocuments.Credential(payload, Chain(8, 16384, null)));
        yield return ("eight that name the root", "application/vc+jwt", HostileDocuments.Credential(payload, Chain(8, 16384, root)));
        yield return ("seventy-five certificates", "application/vc+jwt", HostileDocuments.Credential(payload, Chain(75, 2048, root)));
        yield return ("deep JSON", "application/vc+jwt", HostileDocuments.Jws("{\"@context\":" + new string('[', 95_000) + new string(']', 95_000) + "}"));
        yield return ("wide JSON", "application/vc+jwt", HostileDocuments.Jws("{\"@context\":[" + string.Join(',', Enumerable.Repeat("{}", 62_000)) + "]}"));
        foreach (var kind in new[] { "bomb", "loop", "xref", "digits" })
        {
            yield return (
                "PDF " + kind, "application/pdf", HostileDocuments.PdfOf(kind, kind == "digits" ? Check.MostPdfBytes / 3 : Check.MostPdfBytes - 1000));
        }

        var rest = Check.MostPdfBytes - extract.Length - 1000;
        yield return ("genuine extract, then a loop", "application/pdf", [.. extract, .. HostileDocuments.PdfOf("loop", rest)]);
        yield return ("genuine extract, then an xref", "application/pdf", [.. extract, .. HostileDocuments.PdfOf("xref", rest)]);
        yield return (
            "genuine extract many times", "application/pdf", [.. Enumerable.Repeat(extract, Check.MostPdfBytes / extract.Length).SelectMany(one => one)]);
    }

    private static IEnumerable<byte[]> Chain(int certificates, int bits, X500DistinguishedName? issuer) => Enumerable.Range(0, certificates).Select(number =>
        HostileDocuments.Certificate(HostileDocuments.RsaKey(bits), $"CN={number}", issuer ?? new X500DistinguishedName($"CN={number + 1}")));

    private static async Task<(byte[] Extract, byte[] Credential)> GenuineAsync(Ground ground, Api volunteer, CancellationToken ct)
    {
        var entry = await volunteer.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground, submit: true), ct: ct);
        await ground.Coordinator.ConfirmAsync(CaseIds.Of(entry.Id, 1), ground.Key, ct: ct);
        await Wait.UntilAsync(
            "the entry is confirmed", token => volunteer.GetAsync($"entries/{entry.Id}", token),
            reply => reply.Text.Contains("\"confirmed\"", StringComparison.Ordinal), ct: ct);
        var extract = await volunteer.PostAsync<EntryReceipt>("extracts", new { language = "ru" }, Guid.NewGuid().ToString(), ct: ct);
        return (
            (await volunteer.GetAsync($"extracts/{extract.Id}/file", ct)).Body.ToArray(),
            (await volunteer.GetAsync($"entries/{entry.Id}/credential", ct)).Body.ToArray());
    }

    private static async Task<TimeSpan> CostAsync(Process process, HttpClient ledger, string type, byte[] file, CancellationToken ct)
    {
        process.Refresh();
        var before = process.TotalProcessorTime;
        for (var time = 0; time < Times; time++)
        {
            await CheckAsync(ledger, type, file, ct);
        }

        process.Refresh();
        return (process.TotalProcessorTime - before) / Times;
    }

    private static async Task CheckAsync(HttpClient ledger, string type, byte[] file, CancellationToken ct)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var response = await ledger.PostAsync(new Uri("/api/v1/checks", UriKind.Relative), content, ct);
        if ((int)response.StatusCode == 500)
        {
            throw new InvalidOperationException($"A check failed: {await response.Content.ReadAsStringAsync(ct)}");
        }
    }

    private static double Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1e6;
    }

    private static byte[] PemBytes(string pem) =>
        Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-')).Select(line => line.Trim())));
}
