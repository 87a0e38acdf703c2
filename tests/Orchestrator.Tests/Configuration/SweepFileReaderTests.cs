using System.Text;
using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class SweepFileReaderTests
{
    [Fact]
    public void ReadText_WholeVocabulary_BindsEveryKey()
    {
        var result = SweepFileReader.ReadText(SampleTexts.Yaml, "x.yaml", TestCatalog.Instance);

        Assert.Empty(result.Problems);
        var sweep = result.Definition!;
        Assert.Equal(("whole", "digits", "Größe 😀, all keys"), (sweep.Name, sweep.Project, sweep.Description));
        Assert.Equal(["baseline", "two words"], sweep.Tags);
        Assert.Equal("""{"list":[1,null,true]}""", sweep.Attributes["nested"].ToString());
        Assert.Equal(new TrainableReference("anything"), sweep.Trainable);
        Assert.Equal(new Metric("valAccuracy", MetricGoal.Maximize) { Target = 0.99, From = MetricSource.Best }, sweep.Metric);
        Assert.Equal(("sobol", (ParameterValue)false), (sweep.Method.Type, sweep.Method.Options["scramble"]));
        Assert.Equal(13, sweep.Parameters.Count);
        Assert.Equal(new FloatRange(0, 1) { Points = 3, Condition = sweep.Parameters["dropout"].Condition }, sweep.Parameters["dropout"]);
        Assert.Equal(["sgd", "adamw"], sweep.Parameters["momentum"].Condition["optimizer"]);
        Assert.Equal(["batch", "accumulation"], Assert.Single(sweep.Zip));
        Assert.Equal(ParameterValue.FromList(6, 8), Assert.Single(sweep.Exclude)["layers"]);
        Assert.Equal(4, Assert.Single(sweep.Include)["layers"]);
        Assert.Equal("batch * accumulation <= 512", Assert.Single(sweep.Constraints));
        Assert.Equal([1, 2, 3], sweep.Seeds);
        Assert.Equal(42, sweep.Seed);
        Assert.Equal((200, 8, TimeSpan.FromHours(4)), (sweep.Limits.MaxRuns, sweep.Limits.MaxConcurrent, sweep.Limits.Duration));
        Assert.Equal((2, RunIsolation.Thread, TimeSpan.FromMinutes(90)), (sweep.Resources.Cpus, sweep.Isolation.Type!.Value, sweep.Timeout));
        Assert.Equal((2, TimeSpan.FromMilliseconds(250)), (sweep.Retry.MaxAttempts, sweep.Retry.Backoff));
        Assert.Equal([FailureKind.Exception, FailureKind.Timeout], sweep.Retry.On);
        Assert.Equal((5, 20), (sweep.Failure.StopAfterConsecutive, sweep.Failure.StopAfter));
        Assert.Equal(["console", "csv"], sweep.Trackers!.Select(t => t.Type));
        Assert.Equal("out.csv", sweep.Trackers![1].Options["path"]);
    }

    [Fact]
    public void ReadText_SameSweepInJsonAndYaml_GivesEqualDefinitions()
    {
        var yaml = SweepFileReader.ReadText(SampleTexts.Yaml, "x.yaml", TestCatalog.Instance);
        var json = SweepFileReader.ReadText(SampleTexts.Json, "x.json", TestCatalog.Instance);

        Assert.Empty(json.Problems);
        Assert.Equal(SweepFileWriter.ToJson(yaml.Definition!), SweepFileWriter.ToJson(json.Definition!));
    }

    [Theory]
    [InlineData("sweep.yaml")]
    [InlineData("sweep.json")]
    public void ReadText_FiveMistakes_AreAllReportedInOrderOfPlace(string file)
    {
        const string Text = """
            {
              "trainabel": "anything",
              "metric": {"name": "loss", "goal": "minimise"},
              "parameters": {"x": {"min": 3, "max": "high"}, "ünï": [1, 2], "x": 3},
              "timeout": "10 minutes"
            }
            """;

        var result = SweepFileReader.ReadText(Text, file, TestCatalog.Instance);

        Assert.Equal(
            [
                $"{file}(2,3): error SWP010: Unknown key 'trainabel'; did you mean 'trainable'?",
                $"{file}(3,38): error SWP014: 'metric.goal' must be one of minimize, maximize, but is 'minimise'; did you mean 'minimize'?",
                $"{file}(4,41): error SWP012: 'parameters.x.max' must be a number, but is the text 'high'.",
                $"{file}(4,65): error SWP011: The key 'x' stands twice, first in line 4; keep one.",
                $"{file}(5,14): error SWP017: 'timeout' must be a duration such as 4h, 30m, 10s, 1h30m or 250ms, or a number of seconds, but is the text '10 minutes'.",
            ],
            result.Problems.Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("constraints: [\"x < 3\", \"y +\"]", "SWP15", 4)]
    [InlineData("zip: [[x, y]]", "", 0)]
    [InlineData("zip: [[y, z]]", "SWP12", 4)]
    public void ReadText_MistakeInAParameter_IsNotHeldAgainstThoseWhoNameIt(string text, string alsoReported, int line)
    {
        var result = SweepFileReader.ReadText(
            $"trainable: anything\nmetric: {{name: l, goal: minimize}}\nparameters: {{x: {{min: 1}}, y: [1, 2]}}\n{text}\n", "s.yaml", TestCatalog.Instance);

        Assert.Equal("SWP013", result.Problems[0].Problem.Code);
        Assert.Equal(line == 0 ? 1 : 2, result.Problems.Count);
        if (line > 0)
            Assert.Equal((true, line), (result.Problems[1].Problem.Code.StartsWith(alsoReported, StringComparison.Ordinal), result.Problems[1].Line));
    }

    [Theory]
    [InlineData("parameters: {x: {min: 3, max: 1}}", 3, 23, "SWP103")]
    [InlineData("parameters: {x: {min: 0.0, max: 1.0, log: true, points: 3}}", 3, 23, "SWP104")]
    [InlineData("parameters: {g: {parameters: {x: {min: 3, max: 1}}}}", 3, 40, "SWP103")]
    [InlineData("parameters: {x: [1], y: {value: 1, when: {x: 2}}}", 3, 46, "SWP133")]
    [InlineData("method: tpe\nparameters: {x: [1]}\nlimits: {maxRuns: 3}", 3, 9, "SWP161")]
    [InlineData("method: gird\nparameters: {x: [1]}", 3, 9, "SWP160")]
    [InlineData("method: {type: sobol, scrambel: true}\nparameters: {x: [1, 2]}\nlimits: {maxRuns: 3}", 3, 33, "SWP162")]
    [InlineData("parameters: {x: [1, 2]}\ninclude: [{z: 1}]", 4, 15, "SWP180")]
    [InlineData("parameters: {x: [1, 2]}\nexclude:\n- x: 1\n- z: 1", 6, 6, "SWP140")]
    [InlineData("parameters: {x: [1, 2]}\nconstraints:\n- x >", 5, 3, "SWP150")]
    public void ReadText_MistakeInTheSpace_IsReportedAtItsPlace(string text, int line, int column, string code)
    {
        var result = SweepFileReader.ReadText("trainable: anything\nmetric: {name: l, goal: minimize}\n" + text, "s.yaml", TestCatalog.Instance);

        Assert.Null(result.Definition);
        var problem = Assert.Single(result.Problems, p => p.Problem.Code == code);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void ReadText_MistakesInSpaceAndMethod_AreBothReported()
    {
        var result = SweepFileReader.ReadText(
            "trainable: anything\nmetric: {name: l, goal: minimize}\nmethod: gird\nparameters: {x: {min: 3, max: 1}}", "s.yaml", TestCatalog.Instance);

        Assert.Equal(["SWP160", "SWP103"], result.Problems.Select(p => p.Problem.Code));
    }

    [Fact]
    public void ReadText_WithoutName_TakesTheFilesName() =>
        Assert.Equal("my.sweep", SweepFileReader.ReadText(SampleTexts.All[3].Text, "folder/my.sweep.json", TestCatalog.Instance).Definition!.Name);

    [Fact]
    public void ReadFile_WithByteOrderMark_CountsColumnsWithoutIt()
    {
        using var file = new TemporaryFile([0xEF, 0xBB, 0xBF, .. "{\"a\": 1, \"é😀\": 2}"u8], ".json");
        var result = SweepFileReader.ReadFile(file.Path, TestCatalog.Instance);
        Assert.Equal([(1, 1), (1, 1), (1, 2), (1, 10)], result.Problems.Select(p => (p.Line, p.Column)));
    }

    [Theory]
    [InlineData(new byte[] { 0x61, 0x3A, 0x20, 0x0A, 0x62, 0xFF, 0x3A }, 2, 2, "UTF-8")]
    [InlineData(new byte[] { 0x61, 0x3A, 0x00 }, 1, 3, "binary")]
    [InlineData(new byte[0], 1, 1, "empty")]
    public void ReadFile_NoText_IsReported(byte[] content, int line, int column, string says)
    {
        using var file = new TemporaryFile(content, ".yaml");
        var problem = Assert.Single(SweepFileReader.ReadFile(file.Path, TestCatalog.Instance).Problems);
        Assert.Equal((line, column), (problem.Line, problem.Column));
        Assert.Contains(says, problem.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_TooLarge_IsReported()
    {
        using var file = new TemporaryFile(Encoding.UTF8.GetBytes(new string(' ', 16 * 1024 * 1024 + 1)), ".yaml");
        Assert.Contains("16 MiB", Assert.Single(SweepFileReader.ReadFile(file.Path, TestCatalog.Instance).Problems).Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadFile_MissingFileOrFolder_IsReported()
    {
        Assert.Equal("SWP001", Assert.Single(SweepFileReader.ReadFile("no/such/sweep.yaml", TestCatalog.Instance).Problems).Problem.Code);
        Assert.Contains("folder", Assert.Single(SweepFileReader.ReadFile(Path.GetTempPath(), TestCatalog.Instance).Problems).Problem.Message, StringComparison.Ordinal);
        Assert.Equal("SWP001", Assert.Single(SweepFileReader.ReadFile("a\0b", TestCatalog.Instance).Problems).Problem.Code);
        Assert.Equal("SWP001", Assert.Single(SweepFileReader.ReadFile("", TestCatalog.Instance).Problems).Problem.Code);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(byte[] content, string extension)
        {
            Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + extension);
            File.WriteAllBytes(Path, content);
        }

        public string Path { get; }

        public void Dispose() => File.Delete(Path);
    }
}
