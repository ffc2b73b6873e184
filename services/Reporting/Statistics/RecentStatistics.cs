using Microsoft.Net.Http.Headers;

namespace VolunteerBook.Reporting.Statistics;

/// <summary>
/// What was answered since the figures last changed: the home page asks the same for everybody, and how many people worked is counted row by row.
/// </summary>
internal sealed class RecentStatistics
{
    /// <summary>A few: each names every organisation.</summary>
    private const int Most = 16;

    private readonly Lock alone = new();
    private readonly Dictionary<StatisticsFilter, OpenStatistics> answers = [];
    private EntityTagHeaderValue? tag;

    /// <summary>The answer under this ETag; null where none is kept.</summary>
    public OpenStatistics? Find(EntityTagHeaderValue of, StatisticsFilter filter)
    {
        lock (alone)
        {
            return of.Equals(tag) ? answers.GetValueOrDefault(filter) : null;
        }
    }

    /// <summary>Keeps an answer, and none of another ETag.</summary>
    public void Keep(EntityTagHeaderValue of, StatisticsFilter filter, OpenStatistics answer)
    {
        lock (alone)
        {
            if (!of.Equals(tag) || answers.Count == Most)
            {
                answers.Clear();
            }

            (tag, answers[filter]) = (of, answer);
        }
    }
}
