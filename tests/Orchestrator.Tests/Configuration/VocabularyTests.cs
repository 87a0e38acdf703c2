using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

public class VocabularyTests
{
    [Theory]
    [InlineData(nameof(SweepVocabulary.Root), typeof(SweepDefinition))]
    [InlineData(nameof(SweepVocabulary.Metric), typeof(Metric))]
    [InlineData(nameof(SweepVocabulary.Limits), typeof(SweepLimits))]
    [InlineData(nameof(SweepVocabulary.Resources), typeof(RunResources))]
    [InlineData(nameof(SweepVocabulary.Isolation), typeof(IsolationPolicy))]
    [InlineData(nameof(SweepVocabulary.Retry), typeof(RetryPolicy))]
    [InlineData(nameof(SweepVocabulary.Failure), typeof(FailurePolicy))]
    public void Keys_AreThePropertiesOfTheType(string shape, Type type)
    {
        var keys = ((ObjectShape)typeof(SweepVocabulary).GetProperty(shape)!.GetValue(null)!).Keys;
        Assert.Equal(
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod?.IsPublic == true)
                .Where(p => p.Name != nameof(RunResources.GpuIfAny)) // 'gpus: auto', a word where others are numbers
                .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).Order(StringComparer.Ordinal),
            keys.Where(k => k is { NotBuilt: null, IsNotation: false }).Select(k => k.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Words_AreTheMembersOfTheEnums()
    {
        Assert.Equal(Enum.GetValues<MetricGoal>().Select(Words.Of), WordsOf(SweepVocabulary.Metric, "goal"));
        Assert.Equal(Enum.GetValues<MetricSource>().Select(Words.Of), WordsOf(SweepVocabulary.Metric, "from"));
        Assert.Equal(Enum.GetValues<RunIsolation>().Select(Words.Of), ((WordShape)((KindShape)SweepVocabulary.Root.Find("isolation")!.Shape).Scalar!).Words);
        Assert.Equal("resourceLimit", Words.Of(FailureKind.ResourceLimit));
    }

    [Fact]
    public void Defaults_AreThoseOfTheTypes()
    {
        // Everything absent and every default written out: the same sweep.
        var written = new JsonObject();
        foreach (var key in SweepVocabulary.Root.Keys.Where(k => k.Default is not null))
            written[key.Name] = JsonNode.Parse(ParameterJson.ToJson(key.Default!.Value));
        foreach (var name in new[] { "limits", "resources", "retry", "failure" })
            written[name] = new JsonObject(((ObjectShape)SweepVocabulary.Root.Find(name)!.Shape).Keys.Where(k => k.Default is not null)
                .Select(k => KeyValuePair.Create(k.Name, JsonNode.Parse(ParameterJson.ToJson(k.Default!.Value)))));
        written["trainable"] = "anything";
        written["metric"] = new JsonObject { ["name"] = "l", ["goal"] = "minimize", ["from"] = (string)SweepVocabulary.Metric.Find("from")!.Default!.Value.AsText() };
        written["parameters"] = new JsonObject { ["x"] = 1 };

        var result = SweepFileReader.ReadText(written.ToJsonString(), "n.json", TestCatalog.Instance);

        var expected = new SweepDefinition { Name = "n", Trainable = "anything", Metric = Metric.Minimize("l"), Parameters = { ["x"] = 1 } };
        Assert.Empty(result.Problems);
        Assert.Equal(SweepFileWriter.ToJson(expected), SweepFileWriter.ToJson(result.Definition!));
    }

    [Fact]
    public void Schema_CommittedFile_IsTheGeneratedOne()
    {
        var path = Path.Combine(Repository(), "sweeps", "sweep.schema.json");
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
            File.WriteAllText(path, SweepSchema.Generate());
        Assert.Equal(SweepSchema.Generate(), File.ReadAllText(path));
    }

    [Fact]
    public void Schema_LeavesOutWhatIsNotBuilt()
    {
        var schema = JsonNode.Parse(SweepSchema.Generate(TestCatalog.Instance))!;
        var properties = schema["properties"]!.AsObject();
        Assert.All(new[] { "earlyStopping" }, k => Assert.False(properties.ContainsKey(k)));
        Assert.Equal(["cpus", "gpus", "memory", "artifacts", "log", "runsPerGpu", "pool"], properties["resources"]!["properties"]!.AsObject().Select(p => p.Key));
        Assert.Equal("""["grid","random","sobol"]""", properties["method"]!["anyOf"]![0]!["enum"]!.ToJsonString());
        Assert.False(schema["additionalProperties"]!.GetValue<bool>());
        Assert.Equal("""["anything","declared"]""", properties["trainable"]!["examples"]!.ToJsonString());
        Assert.All(properties, p => Assert.NotEmpty(p.Value!["description"]!.GetValue<string>()));
    }

    [Fact]
    public void Documentation_NamesEveryKeyWithItsDescription()
    {
        var path = Path.Combine(Repository(), "docs", "sweep-file.md");
        var text = File.ReadAllText(path);
        const string Start = "<!-- generated from the vocabulary: do not edit below -->\n";
        var at = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        Assert.True(at >= Start.Length);
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
            File.WriteAllText(path, text[..at] + VocabularyReference.Generate());
        Assert.Equal(VocabularyReference.Generate(), File.ReadAllText(path)[at..]);
    }

    [Fact]
    public void Documentation_ListsEveryCode()
    {
        var text = File.ReadAllText(Path.Combine(Repository(), "docs", "errors.md"));
        var codes = typeof(SweepErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).ToArray();
        Assert.Equal(codes.Distinct(), codes);
        Assert.All(codes, c => Assert.Contains($"| {c} |", text, StringComparison.Ordinal));
    }

    private static string[] WordsOf(ObjectShape shape, string key) => ((WordShape)shape.Find(key)!.Shape).Words;

    private static string Repository([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
