namespace VolunteerBook.EventSourcing;

/// <summary>Where a reader begins that has read nothing yet.</summary>
public enum Start
{
    /// <summary>With all of the past.</summary>
    Beginning,

    /// <summary>With what is published from now on.</summary>
    Now,
}
