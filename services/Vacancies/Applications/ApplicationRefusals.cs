using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>Where the state of an application forbids what is asked.</summary>
public static class ApplicationRefusals
{
    /// <summary>Some of the shifts are in another application of the volunteer; the problem's <c>shiftIds</c> says which.</summary>
    public static Refusal AlreadyApplied(IEnumerable<Guid> applied) =>
        Refusal.Conflict("already-applied", "You have already applied for one of these shifts; withdraw that application before you apply again.") with
        {
            Extensions = new Dictionary<string, object?> { ["shiftIds"] = applied.ToArray() },
        };

    public static Refusal Withdrawn { get; } = Refusal.Conflict("application-withdrawn", "The volunteer withdrew this application.");

    public static Refusal Declined { get; } = Refusal.Conflict("application-declined", "This application was declined.");

    public static Refusal NotAccepted { get; } = Refusal.Conflict("application-not-accepted", "Attendance can be recorded only for accepted applications.");

    public static Refusal ShiftNotApplied { get; } = Refusal.Conflict("shift-not-in-application", "This application is not for this shift.");

    public static Refusal ShiftNotOver { get; } = Refusal.Conflict("shift-not-over", "Attendance can be recorded only once the work is over.");

    public static Refusal AttendanceRecorded { get; } =
        Refusal.Conflict("attendance-already-recorded",
            "Attendance at this shift has already been recorded with different minutes, which cannot be corrected here.");

    public static Refusal AlreadyWorked { get; } = Refusal.Conflict("attendance-recorded",
        "A shift of this application has been worked, so the application stays accepted.");

    /// <summary>Some of the shifts are over; the problem's <c>shiftIds</c> says which.</summary>
    public static Refusal ShiftOver(IEnumerable<Guid> over) => Refusal.Conflict("shift-over",
        "One of these shifts is over; nobody can come to it any more.") with
    {
        Extensions = new Dictionary<string, object?> { ["shiftIds"] = over.ToArray() },
    };
}
