using Orchestrator.Execution.Commands;

namespace Orchestrator.Tests.Execution.Commands;

public sealed class CommandTemplateTests
{
    private static readonly ParameterSet Parameters = new(
    [
        KeyValuePair.Create<string, ParameterValue>("lr", 1e-5),
        KeyValuePair.Create<string, ParameterValue>("model.depth", 3),
        KeyValuePair.Create<string, ParameterValue>("name", "a b"),
        KeyValuePair.Create<string, ParameterValue>("on", true),
        KeyValuePair.Create<string, ParameterValue>("sizes", ParameterValue.FromList(1, 2)),
    ]);

    [Theory]
    [InlineData("${lr}", "1E-05")]
    [InlineData("--depth=${model.depth}x${on}", "--depth=3xtrue")]
    [InlineData("${name}", "a b")]
    [InlineData("${sizes}", "[1,2]")]
    [InlineData("${runDir}/${seed}/${device}", "/runs/1/-7/cuda:0")]
    [InlineData("${sweepDir}/x", "/files/x")]
    [InlineData("$${lr} $lr ${lr", "${lr} $lr ${lr")]
    [InlineData("", "")]
    public void For_NamesInArguments_AreReplaced(string argument, string expected) => Assert.Equal(["p", expected], For("p", argument));

    [Fact]
    public void For_Args_BecomesOneArgumentForEachParameter() =>
        Assert.Equal(["p", "--lr=1E-05", "--model.depth=3", "--name=a b", "--on=true", "--sizes=[1,2]", "last"], For("p", "${args}", "last"));

    [Fact]
    public void For_ParameterThatIsInactiveHere_LeavesItsArgumentOut() => Assert.Equal(["p", "a3"], For("p", "m=${momentum}", "a${model.depth}"));

    private static List<string> For(params string[] command) =>
        CommandTemplate.Parse(command, "/files/s.yaml").For(Parameters, "/runs/1", -7, "cuda:0");
}
