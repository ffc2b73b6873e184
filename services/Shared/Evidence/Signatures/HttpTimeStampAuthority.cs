using System.Net.Http.Headers;
using System.Security.Cryptography;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Tsp;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>A time-stamping authority elsewhere, over HTTP (RFC 3161, 3.4).</summary>
/// <param name="http">How it is reached.</param>
/// <param name="address">Where it listens.</param>
public sealed class HttpTimeStampAuthority(HttpClient http, Uri address) : ITimeStampAuthority
{
    private const int LongestAnswer = 64 * 1024;

    /// <inheritdoc/>
    public async Task<byte[]> Stamp(byte[] digest, CancellationToken ct = default)
    {
        var generator = new TimeStampRequestGenerator();
        generator.SetCertReq(true);
        // A nonce, so that an old answer is not taken for a new one (RFC 3161, 2.4.1).
        var asked = generator.Generate(TspAlgorithms.Sha256, digest, new BigInteger(1, RandomNumberGenerator.GetBytes(8)));

        try
        {
            using var content = new ByteArrayContent(asked.GetEncoded());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/timestamp-query");
            using var response = await http.PostAsync(address, content, ct);
            response.EnsureSuccessStatusCode();
            if (response.Content.Headers.ContentType?.MediaType != "application/timestamp-reply")
            {
                throw new TimeStampException($"The answer of {address} is not a time-stamp reply.");
            }

            await response.Content.LoadIntoBufferAsync(LongestAnswer, ct);
            var answer = new TimeStampResponse(await response.Content.ReadAsByteArrayAsync(ct));
            answer.Validate(asked);
            return answer.TimeStampToken.ToCmsSignedData().GetEncoded("DER");
        }
        catch (Exception refused) when (refused is TspException or HttpRequestException or IOException or ArgumentException or InvalidCastException)
        {
            throw new TimeStampException($"{address} gave no time-stamp: {refused.Message}", refused);
        }
    }
}
