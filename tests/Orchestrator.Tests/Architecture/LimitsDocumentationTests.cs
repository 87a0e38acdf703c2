using System.Globalization;
using System.Reflection;

namespace Orchestrator.Tests.Architecture;

/// <summary><c>docs/limits.md</c> says what the code has.</summary>
public sealed class LimitsDocumentationTests
{
    [Theory]
    [InlineData("Orchestrator.Execution.RunAttempt", "LongestName", "name of a metric")]
    [InlineData("Orchestrator.Execution.Commands.ReportLine", "LongestName", "name of a metric")]
    [InlineData("Orchestrator.Execution.Commands.ReportLine", "Deepest", "within each other in a report line")]
    [InlineData("Orchestrator.Execution.Processes.OutputLines", "LongestLine", "one line of output")]
    [InlineData("Orchestrator.Execution.Commands.ReportWarnings", "Most", "warnings of an attempt")]
    [InlineData("Orchestrator.Execution.RunAttempt", "LongestValue", "set by a run")]
    [InlineData("Orchestrator.Execution.RunAttempt", "DeepestValue", "set by a run")]
    [InlineData("Orchestrator.Execution.RunAttempt", "MostWaitingPoints", "wait for the store")]
    [InlineData("Orchestrator.Tracking.RunTrackingFactory", "MostWaitingPoints", "wait for a tracker")]
    [InlineData("Orchestrator.Execution.Processes.LoggedLines", "AllOf", "overwrites in a row")]
    [InlineData("Orchestrator.Tracking.RunLog", "MostTailLines", "log tail of a failure")]
    [InlineData("Orchestrator.Tracking.RunLog", "LongestTailLine", "log tail of a failure")]
    [InlineData("Orchestrator.Execution.ExceptionText", "MostMessage", "stack of an exception")]
    [InlineData("Orchestrator.Execution.ExceptionText", "MostStack", "stack of an exception")]
    [InlineData("Orchestrator.Execution.FailureCapture", "MostInner", "inner exceptions")]
    [InlineData("Orchestrator.Experiments.RunIds", "Longest", "held by hand")]
    [InlineData("Orchestrator.Configuration.DocumentBudget", "MaxLevels", "size of a file")]
    [InlineData("Orchestrator.Configuration.DocumentBudget", "MaxNodes", "size of a file")]
    [InlineData("Orchestrator.Configuration.DocumentBudget", "MaxAliasedNodes", "size of a file")]
    [InlineData("Orchestrator.SearchSpaces.DomainFactory", "MostListedPoints", "listed points")]
    [InlineData("Orchestrator.SearchSpaces.Flattener", "DeepestGroup", "groups of parameters")]
    [InlineData("Orchestrator.Sampling.Sobol.DirectionNumbers", "MaxDimension", "parameters of `sobol`")]
    [InlineData("Orchestrator.Expressions.Parser", "MostTokens", "expression in")]
    [InlineData("Orchestrator.Expressions.Parser", "DeepestNesting", "expression in")]
    [InlineData("Orchestrator.SearchSpaces.Draw", "MostRejected", "draws in a row")]
    [InlineData("Orchestrator.Execution.Packing.ResourcePool", "MostDevices", "devices of a pool")]
    public void Row_HasTheNumberOfTheCode(string type, string constant, string row)
    {
        var found = new[] { typeof(RunContext).Assembly, typeof(Metric).Assembly }.Select(a => a.GetType(type)).OfType<Type>().Single();
        var value = Convert.ToInt64(
            found.GetField(constant, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.GetRawConstantValue(), CultureInfo.InvariantCulture);
        var line = Assert.Single(
            File.ReadAllLines(Path.Combine(Repository.Root, "docs", "limits.md")),
            l => l.StartsWith("| ", StringComparison.Ordinal) && l[..l.IndexOf('|', 2)].Contains(row, StringComparison.Ordinal));

        Assert.Matches($@"(?<![\d,]){value.ToString("N0", CultureInfo.InvariantCulture)}(?![\d,]*\d)", line);
    }
}
