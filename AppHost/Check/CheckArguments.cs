namespace VolunteerBook.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record CheckArguments(
    string File,
    IReadOnlyList<string> Roots,
    IReadOnlyList<string> TimeStampRoots,
    IReadOnlyList<string> Keys,
    string? Content,
    string? LogKey,
    string? LogKeys)
{
    /// <summary>
    /// Reads; null where an option is unknown or lacks its value, where there is not one file, no <c>--offline</c>, or nothing to trust, and where a log's
    /// other keys come without one that is trusted.
    /// </summary>
    public static CheckArguments? Read(string[] args)
    {
        var files = new List<string>();
        string[] options = ["--root", "--time-stamp-root", "--key", "--content", "--log-key", "--log-keys"];
        var values = options.ToDictionary(option => option, _ => new List<string>());
        var offline = false;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--offline")
            {
                offline = true;
            }
            else if (!args[i].StartsWith('-'))
            {
                files.Add(args[i]);
            }
            else if (values.TryGetValue(args[i], out var found) && i + 1 < args.Length)
            {
                found.Add(args[++i]);
            }
            else
            {
                return null;
            }
        }

        return offline && files is [var file] && values["--root"].Count + values["--key"].Count > 0
                && values["--content"].Count <= 1 && values["--log-key"].Count <= 1
                && values["--log-keys"].Count <= values["--log-key"].Count
            ? new CheckArguments(
                file,
                values["--root"],
                values["--time-stamp-root"],
                values["--key"],
                values["--content"].FirstOrDefault(),
                values["--log-key"].FirstOrDefault(),
                values["--log-keys"].FirstOrDefault())
            : null;
    }
}
