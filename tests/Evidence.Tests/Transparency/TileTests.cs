using CsCheck;
using Shouldly;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Transparency;

/// <summary>Addresses and contents of C2SP tlog-tiles.</summary>
[Trait("Feature", "N4")]
public sealed class TileTests
{
    [Theory]
    [InlineData("0/000", 0, 0, 256)]
    [InlineData("3/x001/x234/067", 3, 1234067, 256)]
    [InlineData("63/x001/000.p/1", 63, 1000, 1)]
    [InlineData("0/999.p/255", 0, 999, 255)]
    public void an_address_is_a_tile(string path, int level, long index, int width)
    {
        Tile.TryParse(path, out var tile, out var entries).ShouldBeTrue();
        (tile, entries).ShouldBe((new Tile(level, index, width), false));
        tile.Path.ShouldBe(path);
    }

    [Fact]
    public void a_bundle_of_entries_has_the_place_of_its_hashes()
    {
        Tile.TryParse("entries/x001/x234/067.p/5", out var tile, out var entries).ShouldBeTrue();
        (tile, entries).ShouldBe((new Tile(0, 1234067, 5), true));
        tile.EntriesPath.ShouldBe("entries/x001/x234/067.p/5");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("entries")]
    [InlineData("0/0")]
    [InlineData("0/1234")]
    [InlineData("00/000")]
    [InlineData("64/000")]
    [InlineData("-1/000")]
    [InlineData("0/x000/001")]
    [InlineData("0/001/234")]
    [InlineData("0/x001")]
    [InlineData("0/000.p/0")]
    [InlineData("0/000.p/256")]
    [InlineData("0/000.p/07")]
    [InlineData("0/000.p/")]
    [InlineData("0/000.p/1.p/1")]
    [InlineData("0/000/")]
    [InlineData("0/٠٠٠")]
    [InlineData("entries/0/000")]
    [InlineData("0/x001/x001/x001/x001/x001/001")]
    public void any_other_address_is_none(string path) => Tile.TryParse(path, out _, out _).ShouldBeFalse();

    [Fact]
    public void every_tile_has_an_address_of_its_own() =>
        Gen.Select(Gen.Int[0, 63], Gen.Long[0, 999_999_999_999_999], Gen.Int[1, 256]).Sample((level, index, width) =>
        {
            Tile.TryParse(new Tile(level, index, width).Path, out var tile, out _).ShouldBeTrue();
            tile.ShouldBe(new Tile(level, index, width));
        });

    [Fact]
    public void a_tree_of_70_000_leaves_has_the_tiles_of_the_specification()
    {
        const long size = 70_000;
        new Tile(0, 272, 256).IsIn(size).ShouldBeTrue();
        new Tile(0, 273, 112).IsIn(size).ShouldBeTrue();
        new Tile(0, 273, 113).IsIn(size).ShouldBeFalse();
        new Tile(1, 0, 256).IsIn(size).ShouldBeTrue();
        new Tile(1, 1, 17).IsIn(size).ShouldBeTrue();
        new Tile(1, 1, 18).IsIn(size).ShouldBeFalse();
        new Tile(2, 0, 1).IsIn(size).ShouldBeTrue();
        new Tile(2, 0, 2).IsIn(size).ShouldBeFalse();
        new Tile(8, 0, 1).IsIn(size).ShouldBeFalse();
        Tile.Of(1, 260, size).ShouldBe(new Tile(1, 1, 17));
    }

    [Fact]
    public void bundles_are_read_as_they_were_written() =>
        Gen.Byte.Array[0, 40].List[0, 20].Sample(entries => Tile.Unbundle(Tile.Bundle(entries)).ShouldBe(entries));

    [Fact]
    public void a_bundle_has_lengths_of_two_bytes_and_ends_with_an_entry()
    {
        Tile.Bundle([[7], []]).ShouldBe([0, 1, 7, 0, 0]);
        Should.Throw<FormatException>(() => Tile.Unbundle([0, 2, 7]));
        Should.Throw<FormatException>(() => Tile.Unbundle([0]));
        Should.Throw<OverflowException>(() => Tile.Bundle([new byte[65536]]));
    }
}
