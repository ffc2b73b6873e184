using MailKit.Security;
using Microsoft.Extensions.Configuration;
using MimeKit;

namespace VolunteerBook.Mail;

/// <summary>
/// Whom mail is handed to: <c>Mail:Host</c>, <c>Mail:Port</c>, <c>Mail:Security</c> (<c>none</c>, <c>starttls</c>, which is the default and never goes on
/// without, or <c>tls</c>), <c>Mail:User</c> and <c>Mail:Password</c>; <c>Mail:From</c> is the sender, with a name before it or without.
/// </summary>
/// <param name="Host">The server.</param>
/// <param name="Port">Its port; 25, 587 or 465 by the kind of security where none is given.</param>
/// <param name="Security">How the connection is secured.</param>
/// <param name="From">The sender.</param>
/// <param name="User">Who signs in; null for nobody.</param>
/// <param name="Password">The password.</param>
public sealed record MailSettings(string Host, int Port, SecureSocketOptions Security, MailboxAddress From, string? User, string Password)
{
    /// <summary>What is configured; null without <c>Mail:Host</c>.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public static MailSettings? Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var mail = configuration.GetSection("Mail");
        if (mail["Host"] is not { Length: > 0 } host)
        {
            return null;
        }

        var (security, port) = mail["Security"] switch
        {
            "none" => (SecureSocketOptions.None, 25),
            null or "" or "starttls" => (SecureSocketOptions.StartTls, 587),
            "tls" => (SecureSocketOptions.SslOnConnect, 465),
            _ => throw new InvalidOperationException("Mail:Security must be none, starttls or tls."),
        };
        return MailboxAddress.TryParse(mail["From"], out var from)
            ? new MailSettings(host, mail.GetValue("Port", port), security, from, mail["User"] is { Length: > 0 } user ? user : null, mail["Password"] ?? "")
            : throw new InvalidOperationException("Mail:From is not an address: whoever gets an e-mail must see who sent it.");
    }
}
