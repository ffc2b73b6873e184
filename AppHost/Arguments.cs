namespace VolunteerBook.AppHost;

/// <summary>Reads command lines.</summary>
internal static class Arguments
{
    /// <summary>The value of the option at a place; the place moves on to it.</summary>
    /// <exception cref="RefusedException">There is none, or the option was given before: of two, one would be left out.</exception>
    public static string Value(IReadOnlyList<string> args, ref int at)
    {
        var option = args[at];
        return args.Take(at).Contains(option) ? throw new RefusedException($"{option} is given twice.")
            : ++at < args.Count ? args[at]
            : throw new RefusedException($"{option} needs a value.");
    }
}
