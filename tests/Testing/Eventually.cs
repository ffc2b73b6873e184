using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace VolunteerBook.Testing;

/// <summary>Waits for what is true in the end: polls until it is, or until a deadline, and then tells what was still wrong.</summary>
public static class Eventually
{
    /// <summary>The deadline when none is given. Generous, because a waiting test that passes costs nothing.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the condition is true. An exception counts as not yet.</summary>
    public static Task Is(Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        Is(
            async () =>
            {
                if (!await condition())
                {
                    throw new NotYetException($"not true: {expression}");
                }
            },
            within);

    /// <summary>Waits until the assertions hold.</summary>
    public static async Task Is(Func<Task> assertions, TimeSpan? within = null)
    {
        await Value<object?>(
            async () =>
            {
                await assertions();
                return null;
            },
            within);
    }

    /// <summary>Waits until the function gives an answer without an exception; that is the answer.</summary>
    public static async Task<T> Value<T>(Func<Task<T>> function, TimeSpan? within = null)
    {
        var deadline = within ?? Soon;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await function();
            }
            catch (Exception exception) when (clock.Elapsed < deadline)
            {
                // Not yet; the last one is told when the deadline passes.
                Debug.WriteLine(exception.Message);
            }
            catch (Exception exception)
            {
                throw new NotYetException($"Not within {deadline.TotalSeconds:0.#} s: {exception.Message}", exception);
            }

            await Task.Delay(Step);
        }
    }
}

/// <summary>Something that was waited for did not come true in time.</summary>
public sealed class NotYetException : Exception
{
    /// <summary>Creates one with what was still wrong.</summary>
    public NotYetException(string message) : base(message)
    {
    }

    /// <summary>Creates one with what was still wrong and the last failure.</summary>
    public NotYetException(string message, Exception inner) : base(message, inner)
    {
    }
}
