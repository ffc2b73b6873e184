using System.Diagnostics;
using System.Globalization;
using System.Text;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// Proofs that a leaf is in the log: their size, and the time to make one from tiles and to verify it, at 1,000,000 leaves against 1,000.
/// With the logarithm both grow to the double.
/// </summary>
internal static class LogProofBench
{
    private const int Proofs = 2000;

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var (small, large) = (new Log(1_000), new Log(1_000_000));
        await small.ProveAsync(ct);
        var (size, time) = await small.ProveAsync(ct);
        var (largeSize, largeTime) = await large.ProveAsync(ct);
        Ground.Report("log-proof-size-at-1000000-leaves", largeSize, size, "hashes, mean");
        Ground.Report("log-proof-time-at-1000000-leaves", largeTime, time, "µs, mean, made and verified");
    }

    /// <summary>A log's hashes as they are kept: leaves, and those of full tiles.</summary>
    private sealed class Log
    {
        private readonly Dictionary<(int Level, long Index), byte[]> hashes = [];
        private readonly TreeEdge edge = new();

        public Log(int size)
        {
            for (var i = 0; i < size; i++)
            {
                var leaf = MerkleTree.Leaf(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
                hashes[(0, i)] = leaf;
                foreach (var completed in edge.Append(leaf))
                {
                    hashes[(completed.Level, completed.Index)] = completed.Hash;
                }
            }
        }

        /// <summary>
        /// Mean size in hashes and mean time in microseconds of proofs of leaves from all over the log, each from tiles that were not read before.
        /// </summary>
        public async Task<(double Size, double Time)> ProveAsync(CancellationToken ct)
        {
            var root = edge.Root;
            var total = 0L;
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < Proofs; i++)
            {
                var index = i * 7919L % edge.Size;
                var proof = await new TileTree(edge.Size, ReadAsync).InclusionAsync(index, ct);
                total += proof.Count;
                if (!MerkleTree.VerifyInclusion(index, edge.Size, hashes[(0, index)], proof, root))
                {
                    throw new InvalidOperationException($"The proof of leaf {index} does not verify.");
                }
            }

            return ((double)total / Proofs, clock.Elapsed.TotalMicroseconds / Proofs);
        }

        private Task<byte[]> ReadAsync(Tile tile, CancellationToken ct) =>
            Task.FromResult(Enumerable.Range(0, tile.Width).SelectMany(i => hashes[(tile.Level, tile.Index * Tile.FullWidth + i)]).ToArray());
    }
}
