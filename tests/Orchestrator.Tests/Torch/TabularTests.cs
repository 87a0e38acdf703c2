using System.Globalization;
using System.Text;
using Orchestrator.Tests.Support;
using Orchestrator.Torch;
using Orchestrator.Torch.Tabular;

namespace Orchestrator.Tests.Torch;

[Collection(TorchCollection.Name)]
public sealed class TabularTests
{
    private static readonly TabularOptions Regression = new() { Path = "t.csv", Target = "y", IsClassification = false };

    [Fact]
    public void Read_QuotesCommasAndLineBreaks_AreTheFields()
    {
        var table = CsvTable.Read("t.csv", new StringReader("a,\"b \"\"q\"\"\",c\n1,\"x,\ny\",\n\n2,z,3\n"), hasHeader: true);

        Assert.Equal(["a", "b \"q\"", "c"], table.Columns);
        Assert.Equal([["1", "x,\ny", ""], ["2", "z", "3"]], table.Rows);
    }

    [Theory]
    [InlineData("a,b\n1\n", "t.csv(2): 2 fields are expected, got 1.")]
    [InlineData("a,a\n1,2\n", "t.csv: the column 'a' stands twice; is the first line a header?")]
    [InlineData("a,b\n1,\"2\n", "t.csv(2): a quote is not closed.")]
    [InlineData("a,b\n1,2\n\n\"x\ny\",2\n1,2,3\n", "t.csv(6): 2 fields are expected, got 3.")]
    [InlineData("a,b\n1,2\n\n\"x\ny\",2,3\n", "t.csv(4): 2 fields are expected, got 3.")]
    [InlineData("a,b\n", "t.csv has a header and no rows.")]
    [InlineData("", "t.csv is empty.")]
    [InlineData("\r\n\r\n", "t.csv is empty.")]
    public void Read_BadTable_SaysWhere(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => CsvTable.Read("t.csv", new StringReader(text), hasHeader: true)).Message);

    [Fact]
    public void Features_Standardised_ByTheTrainingRowsOnly()
    {
        var table = TabularTable.Of(Table(100), Regression);
        var split = table.Split;

        Assert.Equal(100, split.Train.Concat(split.Validation).Concat(split.Test).Distinct().Count());
        Assert.Equal((60, 20, 20), (split.Train.Length, split.Validation.Length, split.Test.Length));
        var x = table.Features(split.Train).Where((_, i) => i % table.Width == 0).ToArray();
        Assert.Equal(0, x.Average(), 1e-5);
        Assert.Equal(1, Math.Sqrt(x.Average(v => v * v)), 1e-5);
        var others = table.Features([.. split.Validation, .. split.Test]).Where((_, i) => i % table.Width == 0);
        Assert.True(Math.Abs(others.Average()) > 1e-3); // its own mean would be 0
    }

    [Fact]
    public void NumberTargets_Standardised_ByTheTrainingRowsOnly()
    {
        var table = TabularTable.Of(Table(100), Regression);

        var train = table.NumberTargets(table.Split.Train);
        Assert.Equal(0, train.Average(), 1e-5);
        Assert.Equal(1, Math.Sqrt(train.Average(y => y * y)), 1e-5);
        Assert.True(Math.Abs(table.NumberTargets([.. table.Split.Validation, .. table.Split.Test]).Average()) > 1e-3); // its own mean would be 0
    }

    [Fact]
    public void Features_OfTexts_AreOneForEachValueOfTheTrainingRows()
    {
        var table = TabularTable.Of(Table(30), Regression);

        Assert.Equal(1 + 3, table.Width);
        var row = table.Features([table.Split.Train[0]]);
        Assert.Equal(1, row[1..].Sum());
    }

    [Fact]
    public void Split_OfClasses_HasEachInTheSameProportion()
    {
        int[] classes = [.. Enumerable.Repeat(0, 50), .. Enumerable.Repeat(1, 10)];

        var split = TabularSplit.Of(classes, Regression);

        Assert.Equal(2, split.Test.Count(row => classes[row] == 1));
        Assert.Equal(10, split.Test.Count(row => classes[row] == 0));
        Assert.NotEqual(split.Test, TabularSplit.Of(classes, Regression with { SplitSeed = 1 }).Test);
    }

    [Fact]
    public void Of_TargetThatIsNotThere_ListsTheColumns() =>
        Assert.Contains("t.csv has: x, kind, y.", Assert.Throws<ArgumentException>(() => TabularTable.Of(Table(9), Regression with { Target = "z" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_RegressionOfATarget_ThatIsNoNumber_SaysWhere() =>
        Assert.Contains("column 'kind': regression needs a number, got 'a'", Assert.Throws<InvalidDataException>(
            () => TabularTable.Of(Table(9), Regression with { Target = "kind" })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("regression", "y", "valRmse")]
    [InlineData("classification", "kind", "valLoss")]
    public async Task Sweep_OfATable_LearnsIt(string task, string target, string metric)
    {
        await using var bench = TorchBench.New();
        var file = Path.Combine(bench.Home, "table.csv");
        var table = Table(120);
        await File.WriteAllTextAsync(file, string.Join('\n', new[] { table.Columns }.Concat(table.Rows).Select(r => string.Join(',', r))), TestContext.Current.CancellationToken);
        var definition = TorchBench.Seeds("torch-tabular", 1, metric,
            ("data", file), ("target", target), ("task", task), ("epochs", 60), ("learningRate", 0.01), ("checkpointEvery", 0));

        var result = await Sweep.RunAsync(definition, bench.Services);
        var run = Assert.Single(await result.AllAsync());

        Assert.True(run.State == RunState.Completed, run.Failure?.Message);
        Assert.True(run.Objective < (task == "regression" ? 1.5 : 0.7), $"{metric} is {run.Objective}");
    }

    /// <summary>y = x + 10 for kind a, + 20 for b, + 30 for c; kind follows from y.</summary>
    private static CsvTable Table(int rows)
    {
        var text = new StringBuilder("x,kind,y\n");
        for (var i = 0; i < rows; i++)
            text.AppendLine(CultureInfo.InvariantCulture, $"{(i * 37 % rows) / 10.0},{"abc"[i % 3]},{((i * 37 % rows) / 10.0) + (10 * ((i % 3) + 1))}");
        return CsvTable.Read("t.csv", new StringReader(text.ToString()), hasHeader: true);
    }
}
