using System.IO.Compression;
using System.Text;
using Orchestrator.Execution;
using Orchestrator.Storage;
using Orchestrator.Tests.Support;
using Orchestrator.Torch.Tabular;

namespace Orchestrator.Tests.Torch;

/// <summary>Tables as people have them: each is learned from rightly, or refused with the place and what to do.</summary>
[Collection(TorchCollection.Name)]
public sealed class TabularFilesTests : IDisposable
{
    private static readonly TabularOptions Numbers = new() { Path = "t.csv", Target = "y", IsClassification = false, Validation = 0, Test = 0 };
    private static readonly TabularOptions Classes = Numbers with { IsClassification = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("tabular-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("NA")]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("null")]
    [InlineData(" ? ")]
    public void Features_ANumberThatIsMissing_IsTheMeanOfTheOthers(string missing) =>
        Assert.Equal([-1, 0, 1], Features(Numbers, $"x,y\n2,1\n{missing},2\n4,3\n"));

    [Fact]
    public void Features_ATextThatIsMissing_IsNoneOfThem() =>
        Assert.Equal([0, 1, 0, 0, 1, 0], Features(Numbers, "x,y\nred,1\n,2\nblue , 3\n"));

    [Fact]
    public void Features_TextsWithCommasQuotesAndLineBreaks_AreValues() =>
        Assert.Equal(3, Of(Numbers, "x,y\n\"a, b\",1\r\n\"a \"\"b\"\"\",2\r\n\"a\r\nb\",3\r\n").Width);

    [Theory]
    [InlineData("7")]
    [InlineData("0.1")] // its mean, by the sum, is another number
    public void Features_AConstantColumn_IsZero(string value) =>
        Assert.All(Features(Numbers, "x,y\n" + string.Concat(Enumerable.Range(0, 10).Select(i => $"{value},{i}\n"))), x => Assert.Equal(0, x));

    [Fact]
    public void Features_AConstantOfTheTrainingRows_LeavesAnotherValueSmall()
    {
        var options = Numbers with { Validation = 0.2 };
        var rows = Enumerable.Range(0, 10).ToArray();
        var validation = TabularSplit.Of([.. rows.Select(_ => 0)], options).Validation;

        var table = Of(options, "x,y\n" + string.Concat(rows.Select(i => $"{(validation.Contains(i) ? "0.3" : "0.1")},{i}\n")));

        Assert.All(table.Features(validation), x => Assert.Equal(0.2, x, 1e-6));
    }

    [Fact]
    public void Features_AColumnWithoutAValue_IsLeftOutAndSaid()
    {
        var table = Of(Numbers, "x,none,y\n1,,1\n2,NA,2\n");

        Assert.Equal(1, table.Width);
        Assert.Equal("t.csv, column 'none': no training row has a value, so it is left out.", Assert.Single(table.Notes));
    }

    [Fact]
    public void Features_ATextAmongNumbers_MakesTextsAndIsSaid()
    {
        var table = Of(Numbers, "x,kind,y\n1,a,1\n2,7,2\nabout 3,b,3\n4,c,4\n");

        Assert.Equal(4 + 4, table.Width);
        Assert.Equal(
            "t.csv(4), column 'x': 'about 3' is no number, so the column is taken as texts, though 3 of 4 rows have a number there. Where the value is not known, leave the field empty.",
            Assert.Single(table.Notes));
    }

    [Fact]
    public void Features_TextsInTheValidationRowsOnly_MakeTextsToo()
    {
        var options = Numbers with { Validation = 0.2 };
        var rows = Enumerable.Range(0, 10).ToArray();
        var validation = TabularSplit.Of([.. rows.Select(_ => 0)], options).Validation;

        var table = Of(options, "x,y\n" + string.Concat(rows.Select(i => $"{(validation.Contains(i) ? "no" : i)},{i}\n")));

        Assert.Equal(8, table.Width);
        Assert.All(table.Features(validation), x => Assert.Equal(0, x));
    }

    [Theory]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    public void Of_ANumberThatIsInfinite_SaysWhere(string text) =>
        Refused(Numbers, $"x,y\n1,1\n{text},2\n", $"t.csv(3), column 'x': '{text}' is no finite number. Correct it, or leave the field empty where the value is not known.");

    [Theory]
    [InlineData("12,5")]
    [InlineData("1,234,567.8")]
    public void Of_NumbersWithCommas_SaysWhere(string text) => Refused(
        Numbers, $"x,y\n1,1\n\"{text}\",2\n", $"t.csv(3), column 'x': '{text}' has a comma. Write numbers with a point, and without separators of thousands.");

    [Fact]
    public void Of_NumbersTooLarge_SaysWhichColumn() =>
        Refused(Numbers, "x,y\n1e300,1\n-1e300,2\n", "t.csv, column 'x': its numbers are too large to be standardised.");

    [Fact]
    public void Of_ManyTexts_SaysWhichColumnAndHowToDoWithout()
    {
        var text = "id,x,y\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"id{i},{i},{i}\n"));

        Refused(Numbers, text, "t.csv, column 'id': 1001 different texts are too many for a feature each (1000 at most). Leave it out by the parameter 'ignore'.");
        Assert.Equal(1, Of(Numbers with { Ignore = ["id"] }, text).Width);
    }

    [Theory]
    [InlineData("x,y\n1,\n", "t.csv(2), column 'y': regression needs a number, got ''.")]
    [InlineData("x,y\n1,2\n1,NaN\n", "t.csv(3), column 'y': regression needs a number, got 'NaN'.")]
    [InlineData("x,y\n1,\"1,5\"\n", "t.csv(2), column 'y': regression needs a number, got '1,5'.")]
    [InlineData("y\n1\n", "t.csv has no column beside the target 'y'.")]
    [InlineData("x,y\n,1\n", "t.csv: no training row has a value in any column beside the target 'y'.")]
    public void Of_ATableForNumbers_ThatDoesNotServe_SaysWhy(string text, string message) => Refused(Numbers, text, message);

    [Theory]
    [InlineData("x,y\n1,a\n2,a\n", "t.csv, column 'y': every row has the same class 'a'.")]
    [InlineData("x,y\n1,a\n2, \n", "t.csv(3), column 'y': the class is missing. Leave out rows that have none.")]
    public void Of_ATableForClasses_ThatDoesNotServe_SaysWhy(string text, string message) => Refused(Classes, text, message);

    [Fact]
    public void Of_OneRow_IsEnoughToTrainOnAndNotToBeSplit()
    {
        Assert.Equal([0], Of(Numbers, "x,y\n1,2\n").Split.Train);
        Refused(Numbers with { Validation = 0.2 }, "x,y\n1,2\n", "Of 1 row(s), each class by itself, a 'validationPart' of 0.2 is less than one row: make it larger, or 0 to do without.");
        Refused(Numbers with { Test = 0.9 }, "x,y\n1,2\n", "Of 1 row(s) none is left to train on: make 'validationPart' and 'testPart' smaller.");
        Refused(Numbers with { Test = 0.1 }, "x,y\n1,2\n2,3\n", "Of 2 row(s), each class by itself, a 'testPart' of 0.1 is less than one row");
    }

    [Theory]
    [InlineData("a;y\n1;2\n", "t.csv has: a;y. Fields are separated by commas, not by ';'.")]
    [InlineData("a\ty\n1\t2\n", "t.csv has: a\ty. Fields are separated by commas, not by tabs.")]
    [InlineData("a,b\n1,2\n", "t.csv has: a, b.")]
    public void Of_AColumnThatIsNotThere_ListsWhatIs(string text, string message)
    {
        var first = text.Split('\n')[0].Split(',')[0];

        var target = Assert.Throws<ArgumentException>(() => Of(Numbers, text));
        var ignore = Assert.Throws<ArgumentException>(() => Of(Numbers with { Target = first, Ignore = ["y"] }, text));

        Assert.Equal($"The parameter 'target' names the column 'y'; {message}", target.Message);
        Assert.Equal($"The parameter 'ignore' names the column 'y'; {message}", ignore.Message);
    }

    [Fact]
    public void Of_AColumnThatIsNotThereAmongMany_ListsTheFirst()
    {
        var header = string.Join(',', Enumerable.Range(1, 100).Select(i => $"c{i}"));

        var cause = Assert.Throws<ArgumentException>(() => Of(Numbers, $"{header}\n{header}\n"));

        Assert.EndsWith("c29, c30 and 70 more.", cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TheTargetIgnored_IsRefused() =>
        Assert.Contains("both name the column 'y'", Assert.Throws<ArgumentException>(() => Of(Numbers with { Ignore = ["y"] }, "x,y\n1,2\n")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("gzip")]
    public void Load_AFileWithAMarkAndCarriageReturns_IsReadAsItIsMeant(string how)
    {
        var path = Path.Combine(_folder, "t.csv");
        Encoding encoding = how == "utf-16" ? Encoding.Unicode : Encoding.UTF8;
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes("\"größe\",y\r\n\"1\",2\r\n3,\"4\"\r\n")];
        using (Stream file = File.Create(path), stream = how == "gzip" ? new GZipStream(file, CompressionLevel.Fastest) : file)
            stream.Write(bytes);

        var table = CsvTable.Read(path, hasHeader: true);

        Assert.Equal(["größe", "y"], table.Columns);
        Assert.Equal([["1", "2"], ["3", "4"]], table.Rows);
    }

    [Fact]
    public void Load_AFileThatIsNoText_IsRefused()
    {
        var path = Path.Combine(_folder, "t.csv");
        File.WriteAllBytes(path, [.. "gr"u8, 0xF6, .. "e,y\n1,2\n"u8]); // Latin-1

        Assert.Equal($"{path} is no text in UTF-8: save it as that.", Assert.Throws<InvalidDataException>(() => CsvTable.Read(path, hasHeader: true)).Message);
        File.WriteAllBytes(path, [0x1F, 0x8B, 1, 2, 3, 4]);
        Assert.StartsWith($"{path} is no whole gzip file: ", Assert.Throws<InvalidDataException>(() => CsvTable.Read(path, hasHeader: true)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("id", false, true)]
    [InlineData("id x", false, false)]
    public async Task Sweep_ATableThatIsNotClean_SaysSoInTheRunsLog(string ignore, bool saysId, bool saysX)
    {
        await using var bench = TorchBench.New();
        var file = Path.Combine(_folder, "t.csv");
        var rows = Enumerable.Range(0, 20).Select(i => $"{(i == 3 ? "no3" : i)},{(i == 9 ? "about 9" : i)},{i % 3},{i}\n");
        await File.WriteAllTextAsync(file, "id,x,z,y\n" + string.Concat(rows), TestContext.Current.CancellationToken);
        List<(string, ParameterValue)> parameters = [("data", file), ("target", "y"), ("task", "regression"), ("epochs", 1)];
        string[] names = ignore.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length > 0)
            parameters.Add(("ignore", names is [var one] ? one : ParameterValue.FromList(names.Select(name => (ParameterValue)name))));

        var result = await Sweep.RunAsync(TorchBench.Seeds("torch-tabular", 1, "valRmse", [.. parameters]), bench.Services);
        var run = Assert.Single(await result.AllAsync());
        var log = bench.LogOf(run);

        Assert.True(run.State == RunState.Completed, run.Failure?.Message);
        Assert.Equal(saysId, log.Contains("t.csv(5), column 'id': 'no3' is no number", StringComparison.Ordinal));
        Assert.Equal(saysX, log.Contains("t.csv(11), column 'x': 'about 9' is no number", StringComparison.Ordinal));
    }

    private static TabularTable Of(TabularOptions options, string text) => TabularTable.Of(CsvTable.Read("t.csv", new StringReader(text), hasHeader: true), options);

    private static float[] Features(TabularOptions options, string text)
    {
        var table = Of(options, text);
        return table.Features([.. Enumerable.Range(0, table.Split.Train.Length)]);
    }

    private static void Refused(TabularOptions options, string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => Of(options, text)).Message, StringComparison.Ordinal);
}
