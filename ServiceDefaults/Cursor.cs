using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// A place in a list ordered by time and id: opaque to the caller, steady while rows come and go. It says nothing of the list: with other filters the list
/// goes on from the same place.
/// </summary>
/// <param name="At">The time that the list is ordered by, UTC, in whole microseconds (see <see cref="WholeMicroseconds"/>).</param>
/// <param name="Id">Decides between equal times.</param>
public readonly record struct Cursor(DateTimeOffset At, Guid Id)
{
    /// <summary>The largest page that a list gives.</summary>
    public const int MostItems = 200;

    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks:x}.{Id:n}")));

    /// <summary>The place after which the next page begins, or null for the first page. Refuses what no list gave.</summary>
    public static Cursor? Parse(string? after)
    {
        if (string.IsNullOrEmpty(after))
        {
            return null;
        }

        if (Base64Url.IsValid(after) && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(after)).Split('.') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var at) && at >= 0 && at <= DateTime.MaxValue.Ticks
            && Guid.TryParseExact(id, "n", out var guid))
        {
            return new Cursor(new DateTimeOffset(at, TimeSpan.Zero), guid);
        }

        throw new RefusedException(Refusal.Invalid("malformed-cursor", "after", "The cursor must be the `next` of the previous page."));
    }

    /// <summary>How many items a page has, from what was asked for (see <see cref="PageSizeAttribute"/>).</summary>
    public static int Limit(int? asked) => asked ?? 50;
}
