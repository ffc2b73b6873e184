namespace VolunteerBook.EventSourcing;

/// <summary>What one instance of a service does for all, for as long as it leads.</summary>
public interface IWhileLeading
{
    /// <summary>Goes on until leading ends. What fails on the way it tries again itself; where it ends, leading ends.</summary>
    Task RunAsync(CancellationToken leading);
}
