namespace VolunteerBook.Evidence.Transparency;

/// <summary>Reads a tile, from a database or over HTTP: the hashes one after another, 32 bytes each, <see cref="Tile.Width"/> of them.</summary>
public delegate Task<byte[]> ReadTile(Tile tile, CancellationToken cancellationToken);
