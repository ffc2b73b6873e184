using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Shouldly;
using StandardWebhooks.Diagnostics;
using VolunteerBook.Ledger.Exchange.Webhooks;
using VolunteerBook.Testing;
using Verifier = StandardWebhooks.StandardWebhook;

namespace VolunteerBook.Ledger.Tests.Exchange;

/// <summary>What the ledger sends, given to a verifier that others wrote. It goes by the machine's clock, so nobody puts the ledger's on here.</summary>
[Trait("Feature", "F40")]
public sealed class WebhooksVerifiedByAnother(ExchangeHost ledger) : IClassFixture<ExchangeHost>
{
    private sealed record Sent(string Body, IHeaderDictionary Headers)
    {
        /// <summary>The same headers with another value in one of them.</summary>
        public HeaderDictionary With(string name, string value) => new(Headers.ToDictionary(header => header.Key, header => header.Value)) { [name] = value };
    }

    [Fact]
    public async Task every_message_is_verified_and_no_part_of_it_can_be_changed()
    {
        await using var receiver = await Receiver.StartAsync();
        var sent = Keep(receiver);
        var agency = await ledger.AgencyAsync();
        var secret = await SetAsync(agency, receiver, 0);
        var volunteer = ledger.Volunteer();
        await volunteer.GrantAsync(agency);
        await volunteer.ConfirmedAsync();
        await Eventually.Is(() => Task.FromResult(receiver.Once.Count == 2));

        var verifier = new Verifier(secret);
        foreach (var message in sent)
        {
            verifier.Verify(message.Body, message.Headers);
            ShouldBeRefused(verifier, message.Body + " ", message.Headers);
            ShouldBeRefused(verifier, message.Body.Replace("\"type\"", "\"tyqe\"", StringComparison.Ordinal), message.Headers);
            var second = long.Parse(message.Headers["webhook-timestamp"].ToString(), CultureInfo.InvariantCulture);
            ShouldBeRefused(verifier, message.Body, message.With("webhook-timestamp", (second + 1).ToString(CultureInfo.InvariantCulture)));
            ShouldBeRefused(verifier, message.Body, message.With("webhook-id", Guid.CreateVersion7().ToString()));
            var signature = message.Headers["webhook-signature"].ToString();
            ShouldBeRefused(verifier, message.Body, message.With("webhook-signature", signature.Replace(signature[3], signature[3] == 'A' ? 'B' : 'A')));
            ShouldBeRefused(new Verifier(StandardWebhook.Text(new byte[StandardWebhook.SecretLength])), message.Body, message.Headers);
        }

        // One message's signature is none of the other's.
        var (first, last) = (sent.First(), sent.Last());
        ShouldBeRefused(verifier, first.Body, last.Headers);
        ShouldBeRefused(verifier, first.Body, first.With("webhook-signature", last.Headers["webhook-signature"].ToString()));
    }

    [Fact]
    public async Task while_two_secrets_sign_who_has_either_of_them_verifies()
    {
        await using var receiver = await Receiver.StartAsync();
        var sent = Keep(receiver);
        var agency = await ledger.AgencyAsync();
        var old = await SetAsync(agency, receiver, 0);
        var latest = await SetAsync(agency, receiver, 2, newSecret: true);
        latest.ShouldNotBe(old);
        await ledger.Volunteer().GrantAsync(agency);
        await Eventually.Is(() => Task.FromResult(receiver.Once.Count == 1));
        var message = sent.Single();
        foreach (var secret in new[] { old, latest })
        {
            new Verifier(secret).Verify(message.Body, message.Headers);
            ShouldBeRefused(new Verifier(secret), message.Body + " ", message.Headers);
        }
    }

    private static ConcurrentQueue<Sent> Keep(Receiver receiver)
    {
        var sent = new ConcurrentQueue<Sent>();
        receiver.Behaviour = (got, http) =>
        {
            sent.Enqueue(new(got.Text, new HeaderDictionary(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value))));
            return Task.FromResult(true);
        };
        return sent;
    }

    private static async Task<string> SetAsync(TestAgency agency, Receiver receiver, long version, bool newSecret = false)
    {
        var set = await agency.Client.PutJsonAsync("/api/v1/agency/webhook", new SetWebhook(receiver.Url.ToString(), null, null, newSecret), version);
        var secret = (await set.JsonAsync()).GetProperty("secret").GetString()!;
        receiver.Secrets.Add(secret);
        return secret;
    }

    private static void ShouldBeRefused(Verifier verifier, string body, IHeaderDictionary headers) =>
        Should.Throw<WebhookVerificationException>(() => verifier.Verify(body, headers));
}
