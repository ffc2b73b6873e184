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
    private string tag = "";

    /// <summary>The answer under this ETag; null where none is kept.</summary>
    public OpenStatistics? Find(string of, StatisticsFilter filter)
    {
        lock (alone)
        {
            return of == tag ? answers.GetValueOrDefault(filter) : null;
        }
    }

    /// <summary>Keeps an answer, and none of another ETag.</summary>
    public void Keep(string of, StatisticsFilter filter, OpenStatistics answer)
    {
        lock (alone)
        {
            if (of != tag || answers.Count == Most)
            {
                answers.Clear();
            }

            (tag, answers[filter]) = (of, answer);
        }
    }
}
