using System.Net;
using System.Net.Http.Json;
using Shouldly;

namespace VolunteerBook.ServiceDefaults.Tests;

/// <summary>What people send lies nowhere once it is forgotten, even where a process is killed meanwhile.</summary>
public sealed class ReceivedBodyTests(SmallService service) : IClassFixture<SmallService>
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ReceivedStream.MostInMemory)]
    [InlineData(ReceivedStream.MostInMemory + 1)]
    [InlineData(1_000_000)]
    public async Task what_was_received_is_read_back_as_often_as_one_likes(int length)
    {
        var sent = new byte[length];
        new Random(length).NextBytes(sent);
        await using var received = new ReceivedStream();
        foreach (var piece in sent.Chunk(10_000))
        {
            await received.WriteAsync(piece, Ct);
        }

        received.Length.ShouldBe(length);
        for (var time = 0; time < 2; time++)
        {
            received.Position = 0;
            using var read = new MemoryStream();
            await received.CopyToAsync(read, Ct);
            read.ToArray().SequenceEqual(sent).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task what_is_written_over_is_the_rest_it_was()
    {
        await using var received = new ReceivedStream();
        await received.WriteAsync(new byte[ReceivedStream.MostInMemory], Ct);
        received.Position = 1;
        await received.WriteAsync(Enumerable.Repeat((byte)7, ReceivedStream.MostInMemory).ToArray(), Ct);

        (received.Length, received.Position).ShouldBe((ReceivedStream.MostInMemory + 1, ReceivedStream.MostInMemory + 1));
        received.Position = 0;
        (received.ReadByte(), received.ReadByte()).ShouldBe((0, 7));
    }

    [Fact]
    public async Task a_long_file_of_a_form_lies_under_no_name_while_it_comes()
    {
        using var rest = new SemaphoreSlim(0);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(new byte[ReceivedStream.MostInMemory + 1]), "short", "short" },
            { new Slow(new byte[300_000], rest), "long", "long" },
        };
        var answer = service.Client.PostAsync(new Uri("/api/v1/files", UriKind.Relative), form, Ct);
        while (OpenFiles().Count == 0 && !answer.IsCompleted)
        {
            await Task.Delay(20, Ct);
        }

        // It has a name for a moment, with nothing in it.
        var open = OpenFiles();
        while (!open.TrueForAll(file => file.EndsWith("(deleted)", StringComparison.Ordinal)))
        {
            await Task.Delay(20, Ct);
            open = OpenFiles();
        }

        open.ShouldNotBeEmpty();
        rest.Release();
        (await (await answer).Content.ReadFromJsonAsync<long[]>(Ct)).ShouldBe([ReceivedStream.MostInMemory + 1, 300_000]);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // The files that this process has open among the temporary ones: nobody else in these tests has any.
    private static List<string> OpenFiles() => [.. new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos()
        .Select(file => file.LinkTarget ?? "")
        .Where(target => target.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) && !target.Contains("dotnet-diagnostic", StringComparison.Ordinal))];

    // Sends all but the last byte, and that when it is let go on.
    private sealed class Slow(byte[] bytes, SemaphoreSlim rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(1));
            await stream.FlushAsync();
            await rest.WaitAsync();
            await stream.WriteAsync(bytes.AsMemory(0, 1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
