using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>What of some messages a reader's turn is at, by what each says of the one before it.</summary>
/// <param name="UpTo">How far they lead without a gap.</param>
/// <param name="Wanted">What is to be done on the way, in order.</param>
/// <param name="IsMissing">Whether something is missing before some of them.</param>
internal readonly record struct NextInOrder(long UpTo, IReadOnlyList<IntegrationMessage> Wanted, bool IsMissing)
{
    /// <summary>Of messages in the order of their sequence, for a reader that stands at a position.</summary>
    public static NextInOrder Of(IEnumerable<IntegrationMessage> inOrder, long position, Func<IntegrationMessage, bool> wants)
    {
        var (at, wanted) = (position, new List<IntegrationMessage>());
        foreach (var message in inOrder.Where(message => message.Sequence > position))
        {
            if (message.Previous > at)
            {
                return new(at, wanted, true);
            }

            if (message.Sequence > at && wants(message))
            {
                wanted.Add(message);
            }

            at = Math.Max(at, message.Sequence);
        }

        return new(at, wanted, false);
    }
}
