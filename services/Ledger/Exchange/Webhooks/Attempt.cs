namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>Where a message stands. In the table and in queries by these names in small letters.</summary>
public enum DeliveryStatus
{
    /// <summary>To be sent, or sent again.</summary>
    Pending,

    /// <summary>The receiver took it.</summary>
    Delivered,

    /// <summary>The dead-letter list: not taken in all attempts; a replay sends it again.</summary>
    Dead,

    /// <summary>The grant no longer held when its turn came: it was not sent, and its body is gone.</summary>
    Dropped,
}

/// <summary>What became of one attempt.</summary>
/// <param name="Status">The receiver's HTTP status; null where there was no answer.</param>
/// <param name="Error">Without an answer: <c>timeout</c>, <c>unreachable</c>, or <c>address-refused</c> for an address that is not public.</param>
public sealed record Answer(int? Status, string? Error = null)
{
    /// <summary>The receiver took the message.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The receiver wants no more messages.</summary>
    public bool IsGone => Status is 410;
}

/// <summary>What follows from an attempt.</summary>
/// <param name="Status">Where the message stands.</param>
/// <param name="NextAt">When to try again; null where it is not tried again, or not until the agency sets its webhook anew.</param>
public readonly record struct Attempt(DeliveryStatus Status, DateTimeOffset? NextAt)
{
    /// <summary>Of ten attempts each but the last is followed by another.</summary>
    /// <param name="attempts">How many attempts there were, this one included.</param>
    /// <param name="answer">What became of it.</param>
    /// <param name="now">When it ended, UTC.</param>
    /// <param name="jitter">0 to 1: lengthens the pause by up to a tenth, so that what failed together does not come back together.</param>
    public static Attempt Decide(int attempts, Answer answer, DateTimeOffset now, double jitter) =>
        answer.IsSuccess ? new(DeliveryStatus.Delivered, null)
        : answer.IsGone ? new(DeliveryStatus.Pending, null)
        : attempts > StandardWebhook.Pauses.Count ? new(DeliveryStatus.Dead, null)
        : new(DeliveryStatus.Pending, now + (StandardWebhook.Pauses[attempts - 1] * (1 + (jitter / 10))));
}
