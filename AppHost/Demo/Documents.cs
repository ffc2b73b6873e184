using System.Text;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Demo;

/// <summary>
/// What a volunteer takes away from the main job: an extract and a credential on disk, and what a stranger checks them with when our servers are off.
/// </summary>
internal sealed class Documents(Api anna, Api nobody, Action<string> tell)
{
    private sealed record Receipt(Guid Id, string Number);

    private sealed record Proofs(IReadOnlyList<Proof> Events);

    private sealed record Proof(string Type);

    public async Task<string> TakeAsync(Guid entry, CancellationToken ct)
    {
        // The log is up to ten seconds behind; with the confirmation in it the extract carries its proof.
        await Wait.UntilAsync(
            "the transparency log holds the confirmation", token => anna.GetAsync<Proofs>($"entries/{entry}/proofs", token),
            proofs => proofs.Events.Any(proof => proof.Type == "entry_confirmed"), ct: ct);
        var receipt = await anna.PostAsync<Receipt>("extracts", new { language = "ru" }, Guid.NewGuid().ToString(), ct: ct);
        var folder = Directory.CreateTempSubdirectory("volunteerbook-demo-").FullName;
        async Task<string> SaveAsync(string name, Api from, string path)
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllBytesAsync(file, (await from.GetAsync(path, ct)).Body.ToArray(), ct);
            return file;
        }

        var extract = await SaveAsync($"{receipt.Number}.pdf", anna, $"extracts/{receipt.Id}/file");
        var credential = await SaveAsync("credential.jwt", anna, $"entries/{entry}/credential");
        var root = await SaveAsync("root.pem", nobody, "issuer/root");
        var checkpoint = await SaveAsync("checkpoint", nobody, "log/checkpoint");
        var logKey = await SaveAsync("log.key", nobody, "log/key");
        tell($"extract: {extract}");
        tell($"credential: {credential}");
        tell($"root: {root}");
        tell($"checkpoint: {checkpoint}");
        CheckOffline(extract, credential, root, checkpoint, logKey);
        return receipt.Number;
    }

    // From the files alone, as on another machine.
    private void CheckOffline(string extract, string credential, string root, string checkpoint, string logKey)
    {
        var log = NoteVerifier.Parse(File.ReadAllText(logKey).Trim());
        if (Checkpoint.Open(File.ReadAllBytes(checkpoint), log) is not { } signed)
        {
            throw new InvalidOperationException("the checkpoint is not signed by the log's key");
        }

        tell($"offline checkpoint: {signed.Origin}, {signed.Size} events, signature valid");
        var trust = new CheckTrust(
            [new Org.BouncyCastle.X509.X509CertificateParser().ReadCertificate(Encoding.ASCII.GetBytes(File.ReadAllText(root)))], Log: new LogInclusion(log));
        foreach (var file in new[] { extract, credential })
        {
            var report = Check.Offline(File.ReadAllBytes(file), trust, DateTimeOffset.UtcNow);
            foreach (var finding in report.Findings)
            {
                tell($"offline {Path.GetFileName(file)}: {finding.About}: {finding.Text}");
            }

            if (!report.Ok)
            {
                throw new InvalidOperationException($"{file} does not stand: {report.Refusal}");
            }
        }
    }
}
