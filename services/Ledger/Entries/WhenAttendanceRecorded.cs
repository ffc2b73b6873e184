using Marten;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// A shift worked at a vacancy appears in the book by itself, submitted (F25). The entry's id is the attendance's, so the same attendance never makes two.
/// </summary>
public static class WhenAttendanceRecorded
{
    public static async Task Handle(AttendanceRecordedV1 recorded, Received received, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Entry>(recorded.AttendanceId, ct);
        if (stream.Aggregate is null)
        {
            stream.AppendMany(
                new EntryLogged(recorded.VolunteerId, EntrySource.Attendance, recorded.Facts, null, recorded.At),
                new EntrySubmitted(1, recorded.VolunteerId, recorded.Facts, recorded.At));
        }
    }
}
