using Orchestrator.Configuration;
using Orchestrator.Querying;
using Orchestrator.Sweeps;

namespace Orchestrator.Tests.Configuration;

/// <summary>A group and a parameter of one name: <c>optimizer</c> and <c>optimizer.lr</c>.</summary>
public sealed class OwnNameGroupTests
{
    private const string Optimizer =
        "{optimizer: {values: [sgd, adam], parameters: {lr: [0.1, 0.01], momentum: {values: [0.9, 0.99], when: {optimizer: sgd}}}}}";

    [Fact]
    public void Read_GroupWithValues_IsBoth_AndIsWrittenBackAsItWas()
    {
        var definition = Definition(Optimizer);
        var plan = SweepPlan.Create(definition, TestCatalog.Instance, hasDelegate: false, origin: null);
        Assert.Equal(["optimizer", "optimizer.lr", "optimizer.momentum"], plan.Space.Parameters.Select(p => p.Name));
        Assert.Equal(6, plan.Runs); // sgd: 2 x 2, adam: 2
        var json = SweepFileWriter.ToJson(definition);
        Assert.Equal(json, SweepFileWriter.ToJson(Definition(System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("parameters").GetRawText())));
        Assert.Equal(["optimizer", "optimizer.lr", "optimizer.momentum"], RunNames.ParametersOf(json)!);
        Assert.Empty(CommandRules.Check(new SweepDefinition { Command = ["dotnet", "${optimizer}", "${optimizer.lr}"], Parameters = definition.Parameters }, null, []));
    }

    [Theory]
    [InlineData("{model: {min: 1, max: 3, parameters: {depth: [1, 2]}}}", 6)]
    [InlineData("{model: {value: resnet, parameters: {depth: [1, 2]}}}", 2)]
    [InlineData("{kind: [a, b], model: {values: [1, 2], when: {kind: a}, parameters: {depth: [1, 2]}}}", 5)]
    public void Read_EveryForm_MayHaveMembers(string parameters, int runs) =>
        Assert.Equal(runs, SweepPlan.Create(Definition(parameters), TestCatalog.Instance, hasDelegate: false, origin: null).Runs);

    [Theory]
    [InlineData("{model: {values: [1], min: 2, parameters: {depth: [1, 2]}}}", "SWP016")]
    [InlineData("{model: {values: [], parameters: {depth: [1, 2]}}}", "SWP015")]
    [InlineData("{model: {values: [1, 1], parameters: {depth: [2, 2]}}}", "SWP110 SWP110")]
    public void Read_WrongPart_IsTheOnlyProblem(string parameters, string codes) =>
        Assert.Equal(codes, string.Join(' ', Read(parameters).Problems.Select(p => p.Problem.Code)));

    private static SweepDefinition Definition(string parameters)
    {
        var read = Read(parameters);
        Assert.Empty(read.Problems);
        return read.Definition!;
    }

    private static SweepFileResult Read(string parameters) =>
        SweepFileReader.ReadText($"{{trainable: anything, metric: {{name: l, goal: minimize}}, parameters: {parameters}}}", "s.yaml", TestCatalog.Instance);
}
