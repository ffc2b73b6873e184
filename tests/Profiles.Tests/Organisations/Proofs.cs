using System.Text;
using Microsoft.Extensions.Configuration;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

/// <summary>What registrants sign, and their signatures.</summary>
internal static class Proofs
{
    public static readonly KeyStatements Statements = new(MasterKey.From(null, isDevelopment: true), new ConfigurationBuilder().Build());

    public static Jwk Jwk(this Es256Key key) => new("EC", "P-256", key.Public.X, key.Public.Y);

    public static KeyProof Prove(this Es256Key key, byte[] statement) => new(key.Sign(statement.AsSpan()));

    public static KeyProof Prove(this GostSigner signer, byte[] statement) =>
        new(Convert.ToBase64String(signer.Sign(statement)), Encoding.UTF8.GetString(statement));

    public static async Task<byte[]> KeyStatementAsync(this HttpClient client, Guid organisation) =>
        await client.GetByteArrayAsync(
            new Uri($"/api/v1/organisations/{organisation}/keys/statement", UriKind.Relative), Xunit.TestContext.Current.CancellationToken);

    /// <summary>The proof for a key, with the statement of the organisation as it stands now.</summary>
    public static async Task<KeyProof> ProveAsync(this HttpClient client, Guid organisation, Es256Key key) =>
        key.Prove(await client.KeyStatementAsync(organisation));

    /// <inheritdoc cref="ProveAsync(HttpClient, Guid, Es256Key)"/>
    public static async Task<KeyProof> ProveAsync(this HttpClient client, Guid organisation, GostSigner signer) =>
        signer.Prove(await client.KeyStatementAsync(organisation));
}
