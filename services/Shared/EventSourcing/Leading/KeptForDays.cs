namespace VolunteerBook.EventSourcing;

/// <summary>
/// Rows of a table beside the log that are of use for a while only. What is evidence, a decision of somebody's or a part of a log is never among them.
/// </summary>
/// <param name="Setting">For how many days, where it is configured: <c>Retention:{Setting}</c>.</param>
/// <param name="Days">For how many where it is not.</param>
/// <param name="LeastDays">The fewest that may be configured.</param>
/// <param name="Table">The table.</param>
/// <param name="IsOver">Whether a row, <c>kept</c>, is over, in SQL; <c>$1</c> is the moment so many days ago.</param>
public sealed record KeptForDays(string Setting, int Days, int LeastDays, string Table, string IsOver);
