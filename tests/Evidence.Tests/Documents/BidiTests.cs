using Shouldly;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>The order of a line that runs both ways. The levels are worked out by hand by the rules of UAX #9 that each line names.</summary>
[Trait("Feature", "F28")]
public sealed class BidiTests
{
    // Hebrew and Arabic letters are written as escapes, so that the line shows them in the order in which they are stored.
    [Theory]
    [InlineData("a \u05d0\u05d1 b", false, "001100")]
    [InlineData("a \u05d0\u05d1 b", true, "211112")]
    [InlineData("\u05d0 12 \u05d1", true, "112211")]
    [InlineData("\u05d0 12-34", true, "1122222")] // W4: a separator between European numbers
    [InlineData("\u0627 12-34", true, "1122122")] // W2: after an Arabic letter they are Arabic ones
    [InlineData("\u0627 1,2", true, "11222")] // W4
    [InlineData("\u0627 \u0661\u066b\u0662", false, "11222")]
    [InlineData("\u05d0 50%", true, "11222")] // W5
    [InlineData("\u0627 50%", true, "11221")] // W2 before W5
    [InlineData("a 1 \u05d0", false, "00001")] // W7
    [InlineData("\u05d0 (a) \u05d1", true, "1112111")] // N0 c: neither within nor before
    [InlineData("a (\u05d0) b", false, "0001000")] // N0 b
    [InlineData("\u05d0 (\u05d1) a", false, "1111100")] // N0 c 1
    [InlineData("a (\u05d0 b) c", false, "000100000")]
    [InlineData("\u05d0 [(\u05d1] a)", false, "111111000")] // BD16: the inner bracket has no partner
    [InlineData("\u05d0\u05b0(\u05d1)\u05b0 a", false, "11111100")] // N0: marks go with their bracket
    [InlineData("\u00ab\u05d0\u00bb", true, "111")] // N1
    [InlineData("a\u00ab\u05d0\u00bb", false, "0010")] // N2
    [InlineData("\u05d0 a  ", true, "11211")] // L1
    [InlineData("\u05d0\u00ad\u200d1", true, "1112")] // 5.2
    [InlineData("\ufdfc 1", true, "112")]
    [InlineData("\u05d0\u0964", false, "10")]
    [InlineData("\u0661 \u05d0", false, "211")]
    [InlineData("\u0661", false, "2")]
    [InlineData("\U00010800a", false, "110")]
    public void each_character_has_its_level(string text, bool rightToLeft, string levels) => string.Concat(Bidi.Levels(text, rightToLeft)).ShouldBe(levels);

    [Theory]
    [InlineData("12 \u05d0 a", true)]
    [InlineData("(a) \u05d0", false)]
    [InlineData("\u0661 a", false)]
    [InlineData("\u200f a", true)]
    [InlineData("12", false)]
    public void the_first_strong_character_says_where_a_line_begins(string text, bool rightToLeft) => Bidi.IsRightToLeft(text).ShouldBe(rightToLeft);

    [Theory]
    [InlineData("0010", "abcd")]
    [InlineData("0110", "acbd")]
    [InlineData("1221", "dbca")]
    [InlineData("1111", "dcba")]
    [InlineData("0121", "adcb")]
    public void runs_are_turned_from_the_highest_level_down(string levels, string seen)
    {
        var line = "abcd".Zip(levels, (letter, level) => (letter, (byte)(level - '0'))).ToList();
        Bidi.Reorder(line, one => one.Item2);
        string.Concat(line.Select(one => one.letter)).ShouldBe(seen);
    }
}
