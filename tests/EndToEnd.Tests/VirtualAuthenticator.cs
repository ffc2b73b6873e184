using Microsoft.Playwright;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Chromium's virtual authenticator: a device with passkeys, in the place of a finger (WebAuthn Level 3, 11).</summary>
public static class VirtualAuthenticator
{
    /// <summary>From now on the window has one.</summary>
    /// <param name="window">The window, as developer tools see it.</param>
    /// <param name="verified">Whether the device knows that its owner holds it.</param>
    public static async Task AddAuthenticatorAsync(this ICDPSession window, bool verified = true)
    {
        await window.SendAsync("WebAuthn.enable");
        await window.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = verified,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
