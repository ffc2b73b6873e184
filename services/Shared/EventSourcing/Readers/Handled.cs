namespace VolunteerBook.EventSourcing;

internal enum Handled
{
    Now,
    Before,
    TooEarly,
}
