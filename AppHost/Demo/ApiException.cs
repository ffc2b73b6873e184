using System.Text;

namespace VolunteerBook.Demo;

/// <summary>The system refused, or failed; the message says what was asked and what the problem detail says.</summary>
public sealed class ApiException(Reply reply) : Exception(Describe(reply))
{
    /// <summary>The whole answer.</summary>
    public Reply Reply { get; } = reply;

    private static string Describe(Reply reply)
    {
        var text = new StringBuilder($"{reply.Request} answered {(int)reply.Status}");
        if (reply.Problem is not { } problem)
        {
            return text.Append(reply.Body.IsEmpty ? "" : ": " + reply.Text[..Math.Min(reply.Text.Length, 300)]).ToString();
        }

        text.Append(' ').Append(problem.Code);
        foreach (var part in new[] { problem.Title ?? problem.ErrorDescription, problem.Detail, problem.Reason }.OfType<string>().Distinct())
        {
            text.Append(": ").Append(part);
        }

        foreach (var (field, messages) in problem.Errors ?? new Dictionary<string, string[]>())
        {
            text.Append("; ").Append(field).Append(": ").AppendJoin(' ', messages);
        }

        return problem.TraceId is null ? text.ToString() : text.Append(" (trace ").Append(problem.TraceId).Append(')').ToString();
    }
}
