using Orchestrator.Presentation;

namespace Orchestrator.Tests.Presentation;

public sealed class SpaceTextTests
{
    [Theory]
    [InlineData("[1, 2.5, \"a\"]", "1, 2.5, a")]
    [InlineData("32", "32")]
    [InlineData("{ \"value\": \"x\" }", "x")]
    [InlineData("{ \"min\": 1, \"max\": 9, \"step\": 2 }", "1 to 9, step 2")]
    [InlineData("{ \"min\": 0.001, \"max\": 1, \"log\": true, \"points\": 4 }", "0.001 to 1, log, 4 points")]
    [InlineData("{ \"values\": [1, 2], \"weights\": [3, 1] }", "1, 2, weighted 3, 1")]
    [InlineData("{ \"distribution\": \"logNormal\", \"mean\": 0, \"stddev\": 1 }", "logNormal, mean 0, standard deviation 1")]
    [InlineData("[1,2,3,4,5,6,7,8,9,10,11,12,13]", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, ... (13 values)")]
    public void Of_Parameter_SaysWhatItMayBe(string parameter, string expected) =>
        Assert.Equal(new SpaceEntry("p", expected, null), Assert.Single(SpaceText.Of($"{{ \"parameters\": {{ \"p\": {parameter} }} }}")));

    [Fact]
    public void Of_Groups_NamesMembersAndJoinsConditions()
    {
        const string Definition = """
            { "parameters": { "model": { "when": { "kind": "deep" }, "parameters": { "depth": { "values": [1, 2], "when": { "width": [8, 16] } }, "width": [8, 16, 32] } } } }
            """;

        Assert.Equal(
            [new("model.depth", "1, 2", "kind is deep and width is one of 8, 16"), new("model.width", "8, 16, 32", "kind is deep")],
            SpaceText.Of(Definition));
        Assert.Empty(SpaceText.Of("{}"));
    }
}
