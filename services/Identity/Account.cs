using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace VolunteerBook.Identity;

/// <summary>
/// A person who can sign in. It holds what signing in needs and nothing more: who the person is, is known to Profiles alone.
/// The user name is the e-mail address.
/// </summary>
public sealed class Account : IdentityUser<Guid>
{
    /// <summary>Roles of the whole system (<see cref="AccountRoles"/>); a coordinator is a membership in Profiles, not a role.</summary>
    public string[] Roles { get; set; } = [];

    /// <summary>The key of the authenticator application under the master key; there already while it is being set up.</summary>
    public byte[]? CodeKey { get; set; }

    /// <summary>The step (RFC 6238) of the last code that was taken: none is taken twice.</summary>
    public long CodeStep { get; set; }

    /// <summary>Made for a demonstration: signs in only while the demo switch is on.</summary>
    public bool IsDemo { get; set; }

    /// <summary>Sets another password, as its hash. Who has shown the earlier one, and no code yet, begins again: they know it by the security stamp.</summary>
    public void SetPassword(string hash) => (PasswordHash, SecurityStamp) = (hash, RandomNumberGenerator.GetHexString(32));
}
