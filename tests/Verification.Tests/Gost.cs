using VolunteerBook.Testing;

namespace VolunteerBook.Verification.Tests;

/// <summary>Organisations' certificates under ГОСТ Р 34.10-2012.</summary>
internal static class Gost
{
    private static readonly GostSigner Root = GostSigner.New("CN=Удостоверяющий центр", null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(75));

    /// <summary>One with a new key. Its own validity is for Profiles to look at.</summary>
    public static GostSigner New() => GostSigner.New("CN=АНО «Ёж»", Root, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(75));
}
