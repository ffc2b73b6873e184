using System.Text;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Statements;

/// <summary>
/// A statement by which an organisation signs many lines at once: it holds the root of the RFC 6962 tree over the lines, hexadecimal, and how many they are.
/// Each line can then be shown to be signed without the others (<see cref="SignedLine"/>).
/// </summary>
public static class ListStatement
{
    /// <summary>The form of the statement over an attendance sheet, and its version; its lines are <see cref="AttendanceRow"/>s.</summary>
    public const string SheetForm = "https://volunteerbook.example/statements/sheet/1";

    /// <summary>The form of the statement over a manifest, and its version; its lines are statements of confirmation.</summary>
    public const string ManifestForm = "https://volunteerbook.example/statements/manifest/1";

    /// <summary>
    /// The member of a sheet's statement that says how far an entry may differ from its row, minutes, and still be confirmed by the sheet. Without
    /// it the sheet confirms nothing by itself.
    /// </summary>
    public const string ConfirmsWithin = "confirmsWithinMinutes";

    /// <summary>What signing a manifest says: canonical JSON (RFC 8785), UTF-8.</summary>
    /// <param name="organisation">The organisation.</param>
    /// <param name="statements">The statements of confirmation, each canonical, in the manifest's order.</param>
    public static (byte[] Statement, MerkleList Tree) OfManifest(Guid organisation, IReadOnlyList<byte[]> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        var tree = new MerkleList([.. statements.Select(statement => MerkleTree.Leaf(statement))]);
        return (CanonicalJson.Bytes(new JsonObject
        {
            ["form"] = ManifestForm,
            ["organisationId"] = organisation.ToString(),
            ["rows"] = tree.Size,
            ["root"] = Convert.ToHexStringLower(tree.Root),
        }), tree);
    }

    /// <summary>A line of a tree, to be shown by itself.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="index">The line's place, from 0.</param>
    /// <param name="line">Its canonical bytes.</param>
    public static SignedLine Line(this MerkleList tree, int index, ReadOnlySpan<byte> line)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return new SignedLine(Encoding.UTF8.GetString(line), index, tree.Size, [.. tree.Inclusion(index).Select(hash => Convert.ToBase64String(hash))]);
    }

    /// <summary>Whether the line is in the list that this statement signs. What comes from outside proves nothing rather than throws.</summary>
    /// <param name="statement">The statement as it was signed.</param>
    /// <param name="line">The line.</param>
    public static bool Holds(JsonNode statement, SignedLine line)
    {
        ArgumentNullException.ThrowIfNull(statement);
        ArgumentNullException.ThrowIfNull(line);
        try
        {
            var path = line.Path.Select(hash => Convert.FromBase64String(hash)).ToList();
            return statement["rows"]!.GetValue<int>() == line.Size
                && path.Select(hash => Convert.ToBase64String(hash)).SequenceEqual(line.Path)
                && MerkleTree.VerifyInclusion(
                    line.Index, line.Size, MerkleTree.Leaf(Encoding.UTF8.GetBytes(line.Text)), path,
                    Convert.FromHexString(statement["root"]!.GetValue<string>()));
        }
        // A statement or a line of another shape says so in one of these ways.
        catch (Exception other) when (other is FormatException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            return false;
        }
    }
}
