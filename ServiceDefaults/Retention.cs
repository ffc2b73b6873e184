using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace VolunteerBook.ServiceDefaults;

/// <summary>For how long something is kept that is of use for a while only: <c>Retention:…Days</c>, in whole days.</summary>
public static class Retention
{
    private const int MostDays = 36_500;

    /// <summary>What is configured.</summary>
    /// <param name="configuration">The process's.</param>
    /// <param name="name">The setting, below <c>Retention</c>.</param>
    /// <param name="days">The days where nothing is set.</param>
    /// <param name="least">The fewest days that may be set.</param>
    /// <exception cref="InvalidOperationException">It is no such number; the message names the setting.</exception>
    public static int RetentionDays(this IConfiguration configuration, string name, int days, int least) =>
        configuration[$"Retention:{name}"] is not { Length: > 0 } set ? days
        : int.TryParse(set, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= MostDays ? number
        : throw new InvalidOperationException($"Retention:{name} is not a whole number of days from {least} to {MostDays}.");
}
