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

    private static readonly ParameterSet Rates = new([.. Parameters, KeyValuePair.Create<string, ParameterValue>("rates", ParameterValue.FromList(1e-5, "1E-05"))]);

    [Theory]
    [InlineData("${lr}", "1e-05")]
    [InlineData("--depth=${model.depth}x${on}", "--depth=3xtrue")]
    [InlineData("${name}", "a b")]
    [InlineData("${sizes}", "[1,2]")]
    [InlineData("${rates}", "[1e-05,\"1E-05\"]")]
    [InlineData("${env:PATH_OF_NOTHING}", "")]
    [InlineData("${runDir}/${seed}/${device}", "/runs/1/-7/cuda:0")]
    [InlineData("${sweepDir}/x", "/files/x")]
    [InlineData("$${lr} $lr ${lr", "${lr} $lr ${lr")]
    [InlineData("", "")]
    public void For_NamesInArguments_AreReplaced(string argument, string expected) => Assert.Equal(["p", expected], For("p", argument));

    [Fact]
    public void For_Args_BecomesOneArgumentForEachParameter() =>
        Assert.Equal(["p", "--lr=1e-05", "--model.depth=3", "--name=a b", "--on=true", "--sizes=[1,2]", "last"], For("p", "${args}", "last"));

    [Fact]
    public void For_ParameterThatIsInactiveHere_LeavesItsArgumentOut() => Assert.Equal(["p", "a3"], For("p", "m=${momentum}", "a${model.depth}"));

    [Fact]
    public void For_ArgsNoHyphens_IsWhatHydraTakes() =>
        Assert.Equal(["p", "lr=1e-05", "model.depth=3", "name=a b", "on=true", "sizes=[1,2]"], For("p", "${args_no_hyphens}"));

    [Theory]
    [InlineData("--momentum ${momentum} --opt ${name}", "--opt|a b")]
    [InlineData("-m ${momentum} -o ${name}", "-o|a b")]
    [InlineData("--a=b ${momentum} last", "--a=b|last")]
    [InlineData("-- ${momentum} last", "--|last")]
    [InlineData("-1 ${momentum} last", "-1|last")]
    [InlineData("--verbose --momentum=${momentum} last", "--verbose|last")]
    [InlineData("--opt ${name}", "--opt|a b")]
    [InlineData("--h pre${momentum} last", "last")]
    [InlineData("--c [${momentum}] last", "last")]
    [InlineData("--alpha x-${momentum} last", "last")]
    [InlineData("-m momentum=${momentum} last", "-m|last")]
    [InlineData("-v -m${momentum} last", "-v|last")]
    public void For_OptionWhoseValueIsInactive_IsLeftOutWithIt(string arguments, string expected) =>
        Assert.Equal(expected.Split('|'), For(["p", .. arguments.Split(' ')])[1..]);

    [Fact]
    public void For_Flag_IsThereWhileItsParameterIsTrue() => Assert.Equal(["p", "--on", "last"], For("p", "${flag:on}", "${flag:momentum}", "last"));

    private static List<string> For(params string[] command) =>
        CommandTemplate.Parse(command).For(command.Contains("${rates}") ? Rates : Parameters, "/runs/1", "/files", -7, "cuda:0");
}
