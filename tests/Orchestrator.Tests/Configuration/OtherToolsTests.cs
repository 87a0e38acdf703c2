using Orchestrator.Configuration;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Configuration;

/// <summary>People come with the words of other tools: they are told ours, and what they are told is right.</summary>
public class OtherToolsTests
{
    private const string Head = "trainable: anything\nmetric: {name: loss, goal: minimize}\nparameters: {x: [1, 2]}\n";

    [Fact]
    public void RootKeys_AreNoneOfOursAndNameOneOfOurs()
    {
        Assert.All(OtherTools.RootKeys, word => Assert.Null(SweepVocabulary.Root.Find(word.Key)));
        Assert.All(OtherTools.RootKeys, word => Assert.NotNull(SweepVocabulary.Root.Find(word.Value.Key)));
    }

    [Fact]
    public void ParameterKeys_AreNoneOfOursAndNameOneOfOurs()
    {
        var ours = ParameterVocabulary.Variants.SelectMany(v => v.Keys).Select(k => k.Name).ToHashSet();
        Assert.All(OtherTools.ParameterKeys, word => Assert.DoesNotContain(word.Key, ours));
        Assert.All(OtherTools.ParameterKeys.Concat(OtherTools.Distributions), word => Assert.Contains(word.Value.Key, ours));
    }

    [Fact]
    public void Examples_AreSound()
    {
        foreach (var (word, meant) in OtherTools.RootKeys.Where(w => w.Value.Example is not null))
        {
            // What the head says already gives way to the example.
            var head = meant.Key == "command" ? Head[Head.IndexOf('\n')..] : string.Join('\n', Head.Split('\n').Where(l => !l.StartsWith(meant.Key, StringComparison.Ordinal)));
            Sound(word, $"{head}\n{Quoted(meant).Replace("python", "dotnet", StringComparison.Ordinal)}\n");
        }

        foreach (var (word, meant) in OtherTools.Distributions)
            Sound(word, $"trainable: anything\nmetric: {{name: loss, goal: minimize}}\nmethod: random\nlimits: {{maxRuns: 1}}\nparameters:\n  x: {Quoted(meant)}\n");

        static string Quoted(ForeignWord word) => word.Example!.Split('\'')[1];
        static void Sound(string word, string text) =>
            Assert.True(SweepFileReader.ReadText(text, "sweep.yaml", TestCatalog.Instance) is { Problems: [] }, $"{word}:\n{text}");
    }

    [Theory]
    [InlineData("x: {low: 1, high: 3}", "SWP010", "'low' (a word of Optuna); here it is 'min'.", "'high' (a word of Optuna); here it is 'max'.")]
    [InlineData("x: {distribution: normal, mu: 0, sigma: 1}", "SWP010", "here it is 'mean'.", "here it is 'stddev'.")]
    [InlineData("x: {values: [1, 2], probabilities: [0.5, 0.5]}", "SWP010", "here it is 'weights'.")]
    [InlineData("x: {distribution: log_uniform_values, min: 0.1, max: 1.0}", "SWP014", "'log_uniform_values' is no law (a word of W&B Sweeps); here it is '{min: 0.0001, max: 0.1, log: true}'.")]
    [InlineData("x: {distribution: constant, value: 1}", "SWP014", "'{value: 10}', or the value alone.")]
    public void Read_ParameterOfAnotherTool_SaysHowItIsWrittenHere(string parameter, string code, params string[] says)
    {
        var result = SweepFileReader.ReadText(
            $"trainable: anything\nmetric: {{name: loss, goal: minimize}}\nmethod: random\nlimits: {{maxRuns: 1}}\nparameters:\n  {parameter}\n",
            "sweep.yaml", TestCatalog.Instance);

        Assert.Equal(says.Length, result.Problems.Count);
        Assert.All(result.Problems.Zip(says), pair =>
        {
            Assert.Equal(code, pair.First.Problem.Code);
            Assert.Contains(pair.Second, pair.First.Problem.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Read_FileOfWandB_IsToldInItsOwnWordsAndNothingTwice()
    {
        var result = SweepFileReader.ReadText(
            "program: train.py\nmethod: random\nmetric: {name: loss, goal: minimize}\nrun_cap: 20\nparameters:\n  lr: {distribution: uniform, min: 0.0, max: 1.0}\n",
            "sweep.yaml", TestCatalog.Instance);

        Assert.Equal([(1, "SWP010"), (4, "SWP010"), (6, "SWP014")], result.Problems.Select(p => (p.Line, p.Problem.Code)));
    }

    [Fact]
    public void Document_ItsSweepFiles_AreSound()
    {
        var blocks = File.ReadAllText(Path.Combine(Repository.Root, "docs", "coming-from.md")).Split("```")
            .Where(block => block.StartsWith("yaml\n", StringComparison.Ordinal)).Select(block => block["yaml\n".Length..].Replace("python3", "dotnet", StringComparison.Ordinal)).ToList();

        Assert.True(blocks.Count >= 3);
        Assert.All(blocks, block => Assert.Empty(SweepFileReader.ReadText(block, "sweep.yaml", TestCatalog.Instance).Problems));
    }
}
