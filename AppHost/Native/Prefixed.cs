namespace VolunteerBook.Native;

/// <summary>
/// Lines of many processes on one console, each after its process's name; in colour where a person looks at it. Very long lines (statements that
/// create a schema) are cut: the process's file in the state folder's logs has them whole.
/// </summary>
internal static class Prefixed
{
    private const int Longest = 500;

    private static readonly bool Colours = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;

    /// <summary>Writes a line. Safe for several threads: a line is written whole.</summary>
    public static void Write(string name, string line)
    {
        var prefix = name.PadRight(12);
        if (Colours)
        {
            var colour = name == "up" ? 1 : 31 + (name.Aggregate(0, (sum, letter) => (sum * 31) + letter) & int.MaxValue) % 6;
            prefix = $"\e[{colour}m{prefix}\e[0m";
        }

        Console.WriteLine($"{prefix} {Cut(line)}");
    }

    // A message of several lines, such as a report with last lines, is ours and short enough.
    private static string Cut(string line) => line.Length <= Longest || line.Contains('\n', StringComparison.Ordinal) ? line : line[..Longest] + "…";
}
