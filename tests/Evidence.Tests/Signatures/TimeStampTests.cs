using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>RFC 3161, with our own authority and with OpenSSL's.</summary>
[Trait("Feature", "N3")]
public sealed class TimeStampTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("подпись");

    [Fact]
    public async Task a_token_says_when_and_by_whom()
    {
        var token = await Samples.Authority.Stamp(SHA256.HashData(Content));
        var stamp = TimeStampToken.Check(token, Content, Samples.Roots).ShouldNotBeNull();
        stamp.At.ShouldBe(Samples.Now);
        stamp.Authority[0].ShouldContain("VolunteerBook Time-Stamps");
    }

    [Fact]
    public async Task a_token_over_something_else_or_of_nobody_we_trust_is_refused()
    {
        var token = await Samples.Authority.Stamp(SHA256.HashData(Content));
        TimeStampToken.Check(token, [.. Content, 1], Samples.Roots).ShouldBeNull();
        TimeStampToken.Check(token, Content, []).ShouldBeNull();
        TimeStampToken.Check([0x30, 0x00], Content, Samples.Roots).ShouldBeNull();
    }

    [Fact]
    public async Task a_certificate_for_documents_makes_no_time_stamps()
    {
        var authority = new PortalTimeStampAuthority(Samples.Portal.Documents, TimeProvider.System);
        await Should.ThrowAsync<Exception>(() => authority.Stamp(SHA256.HashData(Content)));
    }

    [Fact]
    public async Task an_outer_authority_is_asked_over_http_and_its_token_stands()
    {
        using var openssl = new OpenSslAuthority();
        using var http = new HttpClient(openssl);
        var token = await new HttpTimeStampAuthority(http, new Uri("http://tsa.example/")).Stamp(SHA256.HashData(Content));
        TimeStampToken.Check(token, Content, Samples.Roots).ShouldNotBeNull().Authority[0].ShouldContain("VolunteerBook Time-Stamps");
        openssl.Asked.ShouldBe("application/timestamp-query");
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "application/timestamp-reply")]
    [InlineData(HttpStatusCode.OK, "text/html")]
    [InlineData(HttpStatusCode.OK, "application/timestamp-reply")]
    public async Task an_outer_authority_that_gives_none_is_told_of(HttpStatusCode status, string type)
    {
        using var http = new HttpClient(new Answer(status, type));
        await Should.ThrowAsync<TimeStampException>(() => new HttpTimeStampAuthority(http, new Uri("http://tsa.example/")).Stamp(SHA256.HashData(Content)));
    }

    // An old answer over the same digest has another nonce.
    [Fact]
    public async Task an_old_answer_is_refused()
    {
        using var openssl = new OpenSslAuthority { Repeat = true };
        using var http = new HttpClient(openssl);
        var authority = new HttpTimeStampAuthority(http, new Uri("http://tsa.example/"));
        await authority.Stamp(SHA256.HashData(Content));
        await Should.ThrowAsync<TimeStampException>(() => authority.Stamp(SHA256.HashData(Content)));
    }

    private sealed class Answer(HttpStatusCode status, string type) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new ByteArrayContent([0x30, 0x00]) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
            });
    }

    /// <summary>An authority of another maker's: <c>openssl ts -reply</c>.</summary>
    private sealed class OpenSslAuthority : HttpMessageHandler
    {
        private readonly Folder _folder = new();

        public bool Repeat { get; init; }

        public string? Asked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.Content!.Headers.ContentType!.MediaType;
            if (!Repeat || !File.Exists(Path.Combine(_folder.Path, "reply")))
            {
                _folder.Write("query", await request.Content.ReadAsByteArrayAsync(cancellationToken));
                _folder.Write("signer.pem", Samples.Portal.TimeStamps.CertificatesPem());
                _folder.Write("key.pem", Samples.Portal.TimeStamps.KeyPem());
                _folder.Write("serial", "01");
                _folder.Write("tsa.cnf", """
                    [tsa]
                    default_tsa = ours
                    [ours]
                    serial = serial
                    signer_cert = signer.pem
                    signer_key = key.pem
                    signer_digest = sha256
                    default_policy = 2.999.1
                    digests = sha256
                    ess_cert_id_alg = sha256
                    """);
                await Tool.Run("openssl", _folder.Path, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply");
            }

            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new ByteArrayContent(_folder.Read("reply")) { Headers = { ContentType = new MediaTypeHeaderValue("application/timestamp-reply") } },
            };
        }

        protected override void Dispose(bool disposing)
        {
            _folder.Dispose();
            base.Dispose(disposing);
        }
    }
}
