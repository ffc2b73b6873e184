using Marten;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>A notification as its person gets it.</summary>
/// <param name="Id">The notification.</param>
/// <param name="Position">Its place: a later one is higher. Everything up to one can be marked as read.</param>
/// <param name="Kind">Of what it tells.</param>
/// <param name="At">When that happened, UTC.</param>
/// <param name="Text">What it says, one line in the language that was asked for.</param>
/// <param name="Link">The page of the portal that shows what it is about: a path.</param>
/// <param name="Read">Whether it is marked as read.</param>
/// <param name="OrganisationId">The organisation that it comes from or is about.</param>
/// <param name="About">The entry, sheet, application or case; null where it is about the organisation.</param>
/// <param name="Minutes">What was decided on, or is proposed, minutes.</param>
/// <param name="ClaimedMinutes">What had been submitted, minutes, where less was confirmed.</param>
/// <param name="Number">How many cases or shifts.</param>
/// <param name="Outcome">Whether an application was accepted, or an inquiry answered with yes.</param>
/// <param name="Until">When a key ends, UTC.</param>
public sealed record NotificationView(
    Guid Id, long Position, NotificationKind Kind, DateTimeOffset At, string Text, string Link, bool Read, Guid? OrganisationId, Guid? About, int? Minutes,
    int? ClaimedMinutes, int? Number, bool? Outcome, DateTimeOffset? Until)
{
    /// <summary>Puts notifications of one person into words; organisations' names as they stand, or written otherwise.</summary>
    internal static async Task<IReadOnlyList<NotificationView>> OfAsync(
        IReadOnlyList<Found> found, string language, IQuerySession session, IRegistry registry, CancellationToken ct,
        Func<string, string>? written = null)
    {
        if (found.Count == 0)
        {
            return [];
        }

        var names = await registry.NamesAsync(session, [.. found.Select(one => one.Told.Organisation).OfType<Guid>().Distinct()], ct);
        // Only a key's end is a day, and that by the person's own clock.
        var person = found[0].Told.Person;
        var zone = found.Any(one => one.Told.Until is not null) ? (await session.SettingsOfAsync([person], ct))[person].Zone : "UTC";
        return
        [
            .. found.Select(one => new NotificationView(
                one.Told.Id, one.Position, one.Told.Kind, one.Told.At,
                NotificationText.Of(one.Told, Name(one.Told.Organisation), language, WallClock.ZoneOf(zone)),
                one.Told.Link, one.Read, one.Told.Organisation, one.Told.About, one.Told.Minutes, one.Told.Claimed, one.Told.Number, one.Told.Outcome,
                one.Told.Until)),
        ];

        string? Name(Guid? organisation) =>
            organisation is { } of && names.GetValueOrDefault(of) is { } name ? written?.Invoke(name) ?? name : null;
    }

    /// <summary>The language that was asked for.</summary>
    /// <exception cref="RefusedException">It is neither Russian nor English.</exception>
    internal static string Language(string? asked) => asked is null or "ru" or "en"
        ? asked ?? "ru"
        : throw new RefusedException(Refusal.Invalid("unknown-language", "language", "The language must be ru or en."));
}
