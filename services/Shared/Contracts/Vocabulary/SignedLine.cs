namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A line of a list that was signed as a whole, with the proof (RFC 6962, 2.1.1) that it is in it: it can be shown without the other lines.</summary>
/// <param name="Text">The line: canonical JSON (RFC 8785).</param>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Size">Lines in the list.</param>
/// <param name="Path">The hashes from its neighbour up, base64.</param>
public sealed record SignedLine(string Text, int Index, int Size, IReadOnlyList<string> Path);
