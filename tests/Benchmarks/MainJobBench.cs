namespace VolunteerBook.Benchmarks;

/// <summary>
/// The main job, sixteen at once and sustained: log and submit until the cases are open, confirm until the statistics show it; and how often a second a
/// confirmation is answered. Beside the same at the peer, in turns.
/// </summary>
internal static class MainJobBench
{
    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        await using var peer = await Beside.PeerAsync(ground, ct);
        await using var ours = await MainJob.AtOursAsync(ground, 120, ct);
        await using var theirs = await MainJob.AtAsync(peer, ground, 120, ct);
        var times = Ground.Times(600);
        var (oursOpen, theirsOpen) = (new Queue<IReadOnlyCollection<Guid>>(), new Queue<IReadOnlyCollection<Guid>>());

        async Task<double> SubmitAsync(MainJob job, Queue<IReadOnlyCollection<Guid>> open)
        {
            await Ground.QuietAsync(ct);
            var (rate, cases) = await job.SubmitAsync(times, ct);
            open.Enqueue(cases);
            return rate;
        }

        var submitted = await Ground.RoundsAsync(() => SubmitAsync(ours, oursOpen), () => SubmitAsync(theirs, theirsOpen));
        var answers = new List<double[]>();

        async Task<double> ConfirmAsync(MainJob job, Queue<IReadOnlyCollection<Guid>> open, int place)
        {
            var signed = await job.SignAsync(open.Dequeue(), ct);
            await Ground.QuietAsync(ct);
            var (answered, shown) = await job.ConfirmAsync(signed, ct);
            if (place == 0)
            {
                answers.Add(new double[2]);
            }

            answers[^1][place] = answered;
            return shown;
        }

        var confirmed = await Ground.RoundsAsync(() => ConfirmAsync(ours, oursOpen, 0), () => ConfirmAsync(theirs, theirsOpen, 1));
        Ground.ReportRounds("log-and-submit-until-the-case-is-open-against-the-peer", submitted, 0, 1, "entries/s", "1.2");
        Ground.ReportRounds("confirm-until-the-statistics-show-it-against-the-peer", confirmed, 0, 1, "confirmations/s", "1.2");
        Ground.ReportRounds("confirm-until-it-is-answered-against-the-peer", answers[1..], 0, 1, "confirmations/s");
    }
}
