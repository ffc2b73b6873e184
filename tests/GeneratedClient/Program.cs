using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Http.HttpClientLibrary.Middleware.Options;
using VolunteerBook.Client;
using VolunteerBook.Client.Models;

// The main job by a client that was generated: hours are logged, a coordinator confirms them with a signature, the book and the statistics count them.
// Arguments: the gateway's address, the volunteer's and the coordinator's access tokens, the organisation's id, the signing key (PKCS #8, base64) and its name.
var (gateway, organisation, kid) = (args[0], Guid.Parse(args[3]), args[5]);
var (volunteer, coordinator) = (ClientOf(args[1]), ClientOf(args[2]));
using var key = ECDsa.Create();
key.ImportPkcs8PrivateKey(Convert.FromBase64String(args[4]), out _);

var receipt = await volunteer.Api.V1.Entries.PostAsync(
    new LogEntry
    {
        OrganisationId = organisation,
        Project = "Забота рядом",
        TaskType = "D12",
        Region = "RU-MOW",
        Shifts = [new Shift { Start = "2025-06-01T10:00:00", Zone = "Europe/Moscow", Minutes = 90 }],
        Submit = true,
    },
    request => request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString()));
var entry = receipt!.Id!.Value;
var caseId = (await volunteer.Api.V1.Entries[entry].GetAsync())!.CaseId!.Value;
Console.WriteLine($"logged {entry}");

var headers = new HeadersInspectionHandlerOption { InspectResponseHeaders = true };
var found = await EventuallyAsync(() => coordinator.Api.V1.Cases[caseId].GetAsync(request => request.Options.Add(headers)));
var etag = headers.ResponseHeaders["ETag"].Single();
var signed = $"{Encode($$"""{"alg":"ES256","kid":"{{kid}}"}""")}.{Encode(found!.Statement!)}";
var jws = $"{signed}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
await EventuallyAsync(async () =>
{
    await coordinator.Api.V1.Cases[caseId].Confirmation.PostAsync(new ConfirmCase { Signature = jws }, request => request.Headers.Add("If-Match", etag));
    return true;
});
Console.WriteLine("confirmed");

await EventuallyAsync(async () => (await volunteer.Api.V1.Entries[entry].GetAsync())!.Status == EntryStatus.Confirmed
    ? true
    : throw new InvalidOperationException("not confirmed yet"));
var book = await volunteer.Api.V1.Book.GetAsync(request => request.QueryParameters.OrganisationId = organisation);
if (book!.Items!.Single(one => one.Id == entry).Minutes != 90) throw new InvalidOperationException("The book has other minutes.");
await EventuallyAsync(async () =>
    (await volunteer.Api.V1.Statistics.GetAsync(request => request.QueryParameters.OrganisationId = organisation.ToString()))!.Minutes == 90
        ? true
        : throw new InvalidOperationException("not counted yet"));
Console.WriteLine("counted");

// A refusal comes as the problem that the document describes.
try
{
    await volunteer.Api.V1.Entries.PostAsync(new LogEntry { OrganisationId = organisation, Project = "", TaskType = "D12", Region = "RU-MOW", Shifts = [] });
    throw new InvalidOperationException("It was taken.");
}
catch (Problem problem)
{
    Console.WriteLine($"refused {problem.Type}");
}

return 0;

ApiClient ClientOf(string token) =>
    new(new HttpClientRequestAdapter(new BaseBearerTokenAuthenticationProvider(new Fixed(token))) { BaseUrl = gateway });

static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

static async Task<T> EventuallyAsync<T>(Func<Task<T>> what)
{
    for (var tries = 0; ; tries++)
    {
        try
        {
            return await what();
        }
        catch (Exception failure) when (tries < 150 && failure is ApiException or InvalidOperationException)
        {
            await Task.Delay(200);
        }
    }
}

sealed class Fixed(string token) : IAccessTokenProvider
{
    public AllowedHostsValidator AllowedHostsValidator { get; } = new();

    public Task<string> GetAuthorizationTokenAsync(
        Uri uri, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default) => Task.FromResult(token);
}
