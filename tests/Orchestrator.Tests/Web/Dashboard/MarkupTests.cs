using Orchestrator.Web.Dashboard.Html;
using Orchestrator.Web.Dashboard.Rendering;

namespace Orchestrator.Tests.Web.Dashboard;

public sealed class MarkupTests
{
    [Fact]
    public void Of_Holes_AreEscapedUnlessTheyAreMarkup()
    {
        var part = Markup.Of($"<b>{"1 < 2"}</b>");

        Assert.Equal(
            "<p title=\"&quot;&#39;&gt;\"><b>1 &lt; 2</b><b>1 &lt; 2</b><b>1 &lt; 2</b>7</p>",
            Markup.Of($"<p title=\"{"\"'>"}\">{part}{(Markup[])[part, part]}{7}</p>").ToString());
    }

    [Theory]
    [InlineData("a\0b\ec", "a\uFFFDb\uFFFDc")]
    [InlineData("line\n\tnext", "line\n\tnext")]
    [InlineData(null, "")]
    public void Encode_ControlCharacters_AreReplaced(string? text, string expected) => Assert.Equal(expected, HtmlText.Encode(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd\U0001F600fg", 6, "abcd…")]
    public void Shorten_LongText_CutsNoCharacterInHalf(string text, int most, string expected) => Assert.Equal(expected, HtmlText.Shorten(text, most));

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.5, 1 })]
    [InlineData(0.1, 0.9, new[] { 0.2, 0.4, 0.6, 0.8 })]
    [InlineData(-3, 17, new[] { 0.0, 5, 10, 15 })]
    [InlineData(5, 5, new[] { 4.5, 5, 5.5 })]
    public void AxisScale_Ticks_AreRound(double least, double greatest, double[] expected)
    {
        var scale = AxisScale.Of(least, greatest, 4);

        Assert.Equal(expected, scale.Ticks.Select(t => Math.Round(t, 9)));
        Assert.All(scale.Ticks, t => Assert.InRange(scale.Place(t), 0, 1));
    }

    [Fact]
    public void AxisScale_WidestRange_HasFinitePlaces()
    {
        var scale = AxisScale.Of(-double.MaxValue, double.MaxValue, 4);

        Assert.Equal((0, 0.5, 1), (scale.Place(-double.MaxValue), scale.Place(0), scale.Place(double.MaxValue)));
        Assert.All(scale.Ticks, t => Assert.True(double.IsFinite(t)));
    }
}
