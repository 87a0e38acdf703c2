namespace Orchestrator.Tests.Configuration;

/// <summary>One sweep with the whole vocabulary, in both notations.</summary>
internal static class SampleTexts
{
    public const string Yaml = """
        # everything that a sweep file can say
        $schema: ./sweep.schema.json
        name: whole
        project: digits
        description: "Größe 😀, all keys"
        tags: [baseline, 'two words']
        attributes: {owner: me, budget: 1.5, nested: {list: [1, null, true]}}
        trainable: anything
        metric: {name: valAccuracy, goal: maximize, target: 0.99, from: best}
        method: {type: sobol, scramble: false}
        parameters:
          learningRate: {min: 1.0e-5, max: 0.1, log: true}
          layers: {min: 2, max: 8, step: 2}
          width: {min: 16, max: 256, log: true, points: 5}
          dropout: {min: 0, max: 1, type: float, points: 3}
          optimizer: [adam, sgd, adamw]
          activation: {values: [relu, tanh], weights: [3, 1]}
          momentum: {min: 0.5, max: 0.99, when: {optimizer: [sgd, adamw]}}
          decay: {distribution: logNormal, mean: -8, stddev: 1.5}
          epochs: 10
          warmup: {value: null}
          batch: [32, 64, 128]
          accumulation: [4, 2, 1]
          model: {parameters: {depth: [1, 2, 3], bias: true}, when: {optimizer: adam}}
        zip: [[batch, accumulation]]
        exclude:
          - {optimizer: sgd, layers: [6, 8]}
        include:
          - {optimizer: adam, layers: 4}
        constraints: ["batch * accumulation <= 512"]
        seeds: [1, 2, 3]
        seed: 42
        limits: {maxRuns: 200, maxConcurrent: 8, duration: 4h}
        resources: {cpus: 2}
        isolation: thread
        timeout: 1h30m
        retry: {maxAttempts: 2, backoff: 250ms, on: [exception, timeout]}
        failure: {stopAfterConsecutive: 5, stopAfter: 20}
        reproducible: false
        trackers: [console, {type: csv, path: out.csv, flush: 10, seconds: 2}]
        """;

    public const string Json = """
        // everything that a sweep file can say
        {
          "$schema": "./sweep.schema.json",
          "name": "whole", "project": "digits",
          "description": "Gr\u00f6\u00dfe \ud83d\ude00, all keys",
          "tags": ["baseline", "two words"],
          "attributes": {"owner": "me", "budget": 1.5, "nested": {"list": [1, null, true]}},
          "trainable": "anything",
          "metric": {"name": "valAccuracy", "goal": "maximize", "target": 0.99, "from": "best"},
          "method": {"type": "sobol", "scramble": false},
          "parameters": {
            "learningRate": {"min": 1e-5, "max": 0.1, "log": true},
            "layers": {"min": 2, "max": 8, "step": 2}, /* even ones */
            "width": {"min": 16, "max": 256, "log": true, "points": 5},
            "dropout": {"min": 0, "max": 1, "type": "float", "points": 3},
            "optimizer": ["adam", "sgd", "adamw"],
            "activation": {"values": ["relu", "tanh"], "weights": [3, 1]},
            "momentum": {"min": 0.5, "max": 0.99, "when": {"optimizer": ["sgd", "adamw"]}},
            "decay": {"distribution": "logNormal", "mean": -8, "stddev": 1.5},
            "epochs": 10,
            "warmup": {"value": null},
            "batch": [32, 64, 128],
            "accumulation": [4, 2, 1],
            "model": {"parameters": {"depth": [1, 2, 3], "bias": true}, "when": {"optimizer": "adam"}},
          },
          "zip": [["batch", "accumulation"]],
          "exclude": [{"optimizer": "sgd", "layers": [6, 8]}],
          "include": [{"optimizer": "adam", "layers": 4}],
          "constraints": ["batch * accumulation <= 512"],
          "seeds": [1, 2, 3],
          "seed": 42,
          "limits": {"maxRuns": 200, "maxConcurrent": 8, "duration": "4h"},
          "resources": {"cpus": 2},
          "isolation": {"type": "thread"},
          "timeout": 5400,
          "retry": {"maxAttempts": 2, "backoff": 0.25, "on": ["exception", "timeout"]},
          "failure": {"stopAfterConsecutive": 5, "stopAfter": 20},
          "reproducible": false,
          "trackers": ["console", {"type": "csv", "path": "out.csv", "flush": 10, "seconds": 2}],
        }
        """;

    /// <summary>The same in CR LF, a short grid, and one with flow and block styles mixed: more to mutate.</summary>
    public static IReadOnlyList<(string File, string Text)> All { get; } =
    [
        ("whole.yaml", Yaml),
        ("whole.json", Json),
        ("whole-crlf.yml", Yaml.ReplaceLineEndings("\r\n")),
        ("grid.jsonc", """{"trainable": "declared", "metrics": [{"name": "loss", "goal": "minimize"}], "method": "grid", "parameters": {"learningRate": [0.1, 0.01]}, "replicates": 3}"""),
        ("anchors.yaml", "x-base: &a {min: 1, max: 4}\ntrainable: !!str anything\nmetric: {name: l, goal: minimize}\nparameters:\n  p: *a\n  q: >\n    folded\n    text\n  r: |\n    literal\n"),
        ("plain", "trainable:\n  type: Some.Type\n  assembly: some.dll\nmetric:\n  name: l\n  goal: minimize\nmethod: random\nlimits:\n  maxRuns: 10\nparameters:\n  x:\n    min: 0.0\n    max: 1.0\n  y:\n  - 1\n  - 2\n"),
    ];
}
