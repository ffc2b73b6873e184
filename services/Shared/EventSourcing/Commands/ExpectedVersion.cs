using System.Globalization;
using Microsoft.AspNetCore.Http;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The version that the caller saw, from <c>If-Match: "3"</c> (RFC 9110, 13.1.1). Missing is 428 (RFC 6585), stale is 412.
/// </summary>
/// <param name="Value">The stream's version, from 1.</param>
public readonly record struct ExpectedVersion(long Value)
{
    public static ValueTask<ExpectedVersion> BindAsync(HttpContext http)
    {
        var header = http.Request.Headers.IfMatch.ToString();
        if (header.Length == 0)
        {
            throw new RefusedException(new Refusal("version-required", StatusCodes.Status428PreconditionRequired, "Send the ETag that you read as If-Match."));
        }

        // As it was given: a tag is no number that could be written in two ways.
        if (header.Length > 2 && long.TryParse(header.AsSpan(1, header.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && header == ETag.Of(version))
        {
            return ValueTask.FromResult(new ExpectedVersion(version));
        }

        throw new RefusedException(Refusal.Invalid("malformed-version", "If-Match", "If-Match must be one ETag of the form \"3\"."));
    }

    /// <summary>
    /// Throws the 412 of a stale version. Called after the caller's right to see the stream was checked, so that a foreign
    /// stream answers 404 whatever the version.
    /// </summary>
    public void Check(long? current)
    {
        if (current != Value)
        {
            throw new RefusedException(new Refusal("stale-version", StatusCodes.Status412PreconditionFailed, "It has changed since it was read; read it again.")
            {
                Extensions = new Dictionary<string, object?> { ["currentVersion"] = current },
            });
        }
    }
}
