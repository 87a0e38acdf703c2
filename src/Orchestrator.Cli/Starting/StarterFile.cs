using System.Text.Json;
using System.Text.RegularExpressions;
using Orchestrator.Cli.Parsing;
using Orchestrator.Configuration;

namespace Orchestrator.Cli.Starting;

/// <summary>A sweep file to begin with, commented, that validates as it is.</summary>
internal static partial class StarterFile
{
    /// <summary>The bundled trainable that any range suits.</summary>
    private const string Bundled = "function";

    private static readonly string[] ToMaximize = ["acc", "score", "auc", "f1", "reward", "precision", "recall"];

    /// <summary>What a file is written for when nobody says: the bundled function, or else what the program registered first.</summary>
    public static TrainableInfo? Default(ISweepCatalog catalog) =>
        catalog.Trainables.FirstOrDefault(t => t.Name == Bundled) ?? catalog.Trainables.FirstOrDefault();

    /// <summary>The text, in YAML or JSON.</summary>
    public static string Create(TrainableInfo trainable, string name, bool yaml)
    {
        var (first, others) = Parameters(trainable, yaml);
        var metric = trainable.Metrics?.FirstOrDefault(m => m.StartsWith("val", StringComparison.Ordinal)) // what hyperparameters are chosen by
            ?? (trainable.Metrics is [var reported, ..] ? reported : "loss");
        var goal = ToMaximize.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase)) ? "maximize" : "minimize";
        return yaml
            ? Yaml(Quoted(trainable.Name, yaml), Quoted(name, yaml), Quoted(metric, yaml), goal, first, others)
            : Json(Quoted(trainable.Name, yaml), Quoted(name, yaml), Quoted(metric, yaml), goal, first, others);
    }

    private static (string First, string[] Others) Parameters(TrainableInfo trainable, bool yaml)
    {
        if (trainable.Name == Bundled)
        {
            return (Line(yaml, "x", "{min: -5.0, max: 5.0}", """{ "min": -5.0, "max": 5.0 }"""),
                [Line(yaml, "y", "{min: -5.0, max: 5.0}", """{ "min": -5.0, "max": 5.0 }"""), Line(yaml, "function", "[sphere, ackley]", """["sphere", "ackley"]""")]);
        }

        var name = trainable.Parameters is not { Count: > 0 } declared || declared.Contains("learningRate") ? "learningRate" : declared[0];
        var first = name == "learningRate"
            ? Line(yaml, name, "{min: 1.0e-4, max: 0.1, log: true}", """{ "min": 1.0e-4, "max": 0.1, "log": true }""")
            : Line(yaml, name, "{min: 0.0, max: 1.0}", """{ "min": 0.0, "max": 1.0 }""");
        var others = (trainable.Parameters ?? []).Where(p => p != name).Select(p => (yaml ? "# " : "// ") + Line(yaml, p, "[...]", "[...]"));
        return (first, [.. others]);
    }

    /// <summary>In quotes wherever it could be read as anything but this text; JSON's are YAML's, too.</summary>
    private static string Quoted(string text, bool yaml) =>
        yaml && PlainText().IsMatch(text) ? text : $"\"{JsonEncodedText.Encode(text)}\"";

    private static string Line(bool yaml, string name, string yamlValue, string jsonValue) => yaml ? $"{Quoted(name, yaml)}: {yamlValue}" : $"{Quoted(name, yaml)}: {jsonValue}";

    private static string Yaml(string trainable, string name, string metric, string goal, string first, string[] others) =>
        $$$"""
        # A sweep: many runs of one trainable. Every key: docs/sweep-file.md; for your editor: {{{ProgramName.Current}}} schema > sweep.schema.json
        name: {{{name}}}
        trainable: {{{trainable}}}                     # the code that each run executes
        metric: {name: {{{metric}}}, goal: {{{goal}}}}   # what it reports and runs are compared by
        method: random                        # or grid, sobol

        parameters:
          {{{first}}}
        {{{string.Concat(others.Select(o => $"  {o}\n"))}}}  # a list: choices            batch: [32, 64, 128]
          # a range of integers        layers: {min: 2, max: 8, step: 2}
          # only with another's value  momentum: {min: 0.5, max: 0.99, when: {optimizer: sgd}}

        # constraints: ["x + y <= 8"]          # an assignment that breaks one is never run
        # replicates: 3                        # each assignment with three seeds
        limits: {maxRuns: 20}
        # timeout: 30m
        # retry: {maxAttempts: 2, backoff: 10s}

        """;

    private static string Json(string trainable, string name, string metric, string goal, string first, string[] others) =>
        $$$"""
        {
          // A sweep: many runs of one trainable. Every key: docs/sweep-file.md; for your editor: {{{ProgramName.Current}}} schema > sweep.schema.json
          "name": {{{name}}},
          "trainable": {{{trainable}}},   // the code that each run executes
          "metric": { "name": {{{metric}}}, "goal": "{{{goal}}}" },   // what it reports and runs are compared by
          "method": "random",   // or grid, sobol

          "parameters": {
            {{{first}}},
        {{{string.Concat(others.Select(o => $"    {o},\n"))}}}    // a list: choices            "batch": [32, 64, 128]
            // a range of integers        "layers": { "min": 2, "max": 8, "step": 2 }
            // only with another's value  "momentum": { "min": 0.5, "max": 0.99, "when": { "optimizer": "sgd" } }
          },

          // "constraints": ["x + y <= 8"],   // an assignment that breaks one is never run
          // "replicates": 3,                 // each assignment with three seeds
          "limits": { "maxRuns": 20 },
          // "timeout": "30m",
          // "retry": { "maxAttempts": 2, "backoff": "10s" },
        }

        """;

    [GeneratedRegex("^(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][A-Za-z0-9_-]*$", RegexOptions.IgnoreCase)]
    private static partial Regex PlainText();
}
