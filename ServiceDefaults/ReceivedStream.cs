namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Keeps what is received until it is disposed of: in memory while it is short, and then in a file that has no name. The system forgets such a file with its
/// process, even one that is killed: ASP.NET's own buffers would leave it, and the personal data in it, among the temporary files.
/// </summary>
public sealed class ReceivedStream : Stream
{
    /// <summary>The most bytes that are kept in memory.</summary>
    public const int MostInMemory = 64 * 1024;

    private Stream _kept = new MemoryStream();

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => _kept.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _kept.Position;
        set => _kept.Position = value;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => _kept.Seek(offset, origin);

    /// <inheritdoc/>
    public override void SetLength(long value) => _kept.SetLength(value);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => _kept.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _kept.Read(buffer);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _kept.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _kept.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => PlaceFor(count).Write(buffer, offset, count);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        PlaceFor(buffer.Length).WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => _kept.Flush();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _kept.Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream PlaceFor(int more)
    {
        if (_kept is MemoryStream memory && memory.Position + more > MostInMemory)
        {
            var file = FileWithoutName();
            var position = memory.Position;
            memory.WriteTo(file);
            file.Position = position;
            _kept = file;
        }

        return _kept;
    }

    private static FileStream FileWithoutName()
    {
        var path = Path.Combine(Path.GetTempPath(), $"volunteerbook-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }
}
