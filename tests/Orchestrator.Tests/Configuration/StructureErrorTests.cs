using Orchestrator.Configuration;

namespace Orchestrator.Tests.Configuration;

/// <summary>Each rule of the structure: a text, and the code, line and column of the one problem in it.</summary>
public class StructureErrorTests
{
    /// <summary>Put before each text: three lines that make it whole.</summary>
    private const string Head = "trainable: anything\nmetric: {name: loss, goal: minimize}\nparameters: {x: [1, 2]}\n";

    [Theory]
    [InlineData("sead: 1", "SWP010", 4, 1, "did you mean 'seed'")]
    [InlineData("zzzzzz: 1", "SWP010", 4, 1, "there are: name, project")]
    [InlineData("run_cap: 1", "SWP010", 4, 1, "'run_cap' (a word of W&B Sweeps); here it is 'limits: {maxRuns: 100}'.")]
    [InlineData("scheduler: asha", "SWP010", 4, 1, "(a word of Ray Tune); here it is 'earlyStopping'. Early stopping ('earlyStopping') is not built yet")]
    [InlineData("limits: {maxRun: 1}", "SWP010", 4, 10, "did you mean 'maxRuns'")]
    [InlineData("retry:\n  backof: 1s", "SWP010", 5, 3, "did you mean 'backoff'")]
    [InlineData("seed: 1\nseed: 2", "SWP011", 5, 1, "first in line 4")]
    [InlineData("attributes: {a: 1, b: [{c: 1, c: 2}]}", "SWP011", 4, 31, "'c' stands twice")]
    [InlineData("seed: abc", "SWP012", 4, 7, "the text 'abc'")]
    [InlineData("seed: '3'", "SWP012", 4, 7, "without quotes")]
    [InlineData("seed: 1.5", "SWP012", 4, 7, "a whole number")]
    [InlineData("seed: [1]", "SWP012", 4, 1, "a list")]
    [InlineData("seed: 99999999999999999999", "SWP015", 4, 7, "64 bits")]
    [InlineData("name: 12", "SWP012", 4, 7, "quotes")]
    [InlineData("name: ' '", "SWP015", 4, 7, "blank")]
    [InlineData("name:", "SWP012", 4, 6, "empty (null)")]
    [InlineData("tags: baseline", "SWP012", 4, 7, "a list of texts")]
    [InlineData("tags: [a, 1]", "SWP012", 4, 11, "tags[1]")]
    [InlineData("limits: 3", "SWP012", 4, 9, "a mapping")]
    [InlineData("limits: {maxRuns: 0}", "SWP015", 4, 19, "at least 1")]
    [InlineData("limits: {maxConcurrent: 3000000000}", "SWP015", 4, 25, "at most 2147483647")]
    [InlineData("limits: {duration: 4x}", "SWP017", 4, 20, "4h, 30m")]
    [InlineData("limits: {duration: true}", "SWP012", 4, 20, "a duration")]
    [InlineData("limits: {duration: 0s}", "SWP015", 4, 20, "longer than 0")]
    [InlineData("timeout: -1", "SWP015", 4, 10, "longer than 0")]
    [InlineData("timeout: 99999d", "SWP015", 4, 10, "at most 3650d")]
    [InlineData("timeout: '10'", "SWP017", 4, 10, "'10'")]
    [InlineData("timeout: 30m1h", "SWP017", 4, 10, "a duration")]
    [InlineData("retry: {backoff: -1s}", "SWP017", 4, 18, "a duration")]
    [InlineData("retry: {maxAttempts: 0}", "SWP015", 4, 22, "at least 1")]
    [InlineData("retry: {on: [timeouts]}", "SWP014", 4, 14, "did you mean 'timeout'")]
    [InlineData("retry: {on: [1]}", "SWP012", 4, 14, "one of exception")]
    [InlineData("retry: {on: []}", "SWP015", 4, 9, "empty")]
    [InlineData("failure: {stopAfter: 0}", "SWP015", 4, 22, "at least 1")]
    [InlineData("failure: {stopAfterConsecutive: no}", "SWP012", 4, 33, "the text 'no'")]
    [InlineData("resources: {cpus: 0}", "SWP015", 4, 19, "above 0")]
    [InlineData("resources: {cpus: 0.0001}", "SWP015", 4, 19, "from 0.001")]
    [InlineData("resources: {gpus: -1}", "SWP015", 4, 19, "at least 0")]
    [InlineData("resources: {gpus: atuo}", "SWP014", 4, 19, "did you mean 'auto'")]
    [InlineData("resources: {gpus: '1'}", "SWP012", 4, 19, "without quotes")]
    [InlineData("resources: {gpus: true}", "SWP012", 4, 19, "at least 0, or auto")]
    [InlineData("resources: {gpus: 1.5}", "SWP015", 4, 19, "a fraction of one")]
    [InlineData("resources: {gpus: 0.0001}", "SWP015", 4, 19, "from 0.001")]
    [InlineData("resources: {gpus: 0.5, runsPerGpu: 2}", "SWP016", 4, 36, "leave one out")]
    [InlineData("resources: {gpus: 2, runsPerGpu: 2}", "SWP016", 4, 34, "alone")]
    [InlineData("resources: {artifacts: 0B}", "SWP015", 4, 24, "more than 0")]
    [InlineData("resources: {log: 10}", "SWP019", 4, 18, "Write the unit")]
    [InlineData("resources: {runsPerGpu: 0}", "SWP015", 4, 25, "at least 1")]
    [InlineData("resources: {memory: 4}", "SWP019", 4, 21, "Write the unit")]
    [InlineData("resources: {memory: 4G}", "SWP019", 4, 21, "8GiB")]
    [InlineData("resources: {memory: 0GiB}", "SWP015", 4, 21, "more than 0")]
    [InlineData("resources: {pool: ''}", "SWP015", 4, 19, "blank")]
    [InlineData("replicates: 0", "SWP015", 4, 13, "at least 1")]
    [InlineData("replicates: 2\nseeds: [1, 2]", "SWP016", 5, 1, "leave one out")]
    [InlineData("seeds: []", "SWP015", 4, 1, "empty")]
    [InlineData("seeds: [1, x]", "SWP012", 4, 12, "seeds[1]")]
    [InlineData("seeds: [1, 2, 1]", "SWP018", 4, 15, "stands twice")]
    [InlineData("zip: [x]", "SWP012", 4, 7, "a list of parameter names")]
    [InlineData("exclude: {x: 1}", "SWP012", 4, 1, "a list of assignments")]
    [InlineData("exclude: [{}]", "SWP015", 4, 11, "empty")]
    [InlineData("include: [3]", "SWP012", 4, 11, "an assignment")]
    [InlineData("constraints: [true]", "SWP012", 4, 15, "boolean expression")]
    [InlineData("attributes: {a: .nan}", "SWP015", 4, 17, "finite")]
    [InlineData("metrics: [{name: a, goal: minimize}]", "SWP016", 4, 1, "'metric' and 'metrics'")]
    [InlineData("isolation: fiber", "SWP014", 4, 12, "thread")]
    [InlineData("isolation: {type: fiber}", "SWP014", 4, 19, "thread")]
    [InlineData("isolation: {type: process, recycleAfter: 0}", "SWP015", 4, 42, "at least 1")]
    [InlineData("method: {scramble: false}", "SWP013", 4, 1, "lacks 'type'")]
    [InlineData("trackers: csv", "SWP012", 4, 11, "a list of trackers")]
    [InlineData("trackers: [cvs]", "SWP026", 4, 12, "did you mean 'csv'")]
    [InlineData("trackers: [{type: csv, paths: x}]", "SWP027", 4, 31, "did you mean 'path'")]
    [InlineData("trackers: [{type: csv, flush: soon}]", "SWP027", 4, 31, "a whole number")]
    [InlineData("trackers: [{type: csv, format: wied}]", "SWP027", 4, 32, "must be one of long, wide, but is the text 'wied'. Did you mean 'wide'")]
    [InlineData("method: random", "SWP025", 4, 9, "never ends")]
    [InlineData("command: [dotnet, train.dll]", "SWP016", 4, 1, "leave one out")]
    [InlineData("command: []", "SWP015", 4, 1, "empty", "SWP016")]
    [InlineData("command: dotnet train.dll", "SWP016", 4, 1, "leave one out", "SWP012")]
    [InlineData("earlyStopping: {type: asha}", "SWP090", 4, 1, "'earlyStopping'")]
    [InlineData("reproducible: 1", "SWP012", 4, 15, "true or false")]
    [InlineData("limits: {duration: 4h}\nreproducible: true", "SWP033", 4, 20, "'limits.maxRuns'")]
    [InlineData("reproducible: {lag: -1}", "SWP015", 4, 21, "at least 0")]
    [InlineData("reproducible: {log: 3}", "SWP010", 4, 16, "'lag'")]
    public void Read_OneMistake_IsReportedAtItsPlace(string text, string code, int line, int column, string says, string? second = null)
    {
        var result = SweepFileReader.ReadText(Head + text, "sweep.yaml", TestCatalog.Instance);

        Assert.Null(result.Definition);
        Assert.Equal(second is null ? [code] : new[] { code, second }, result.Problems.Select(p => p.Problem.Code));
        Assert.Equal((line, column), (result.Problems[0].Line, result.Problems[0].Column));
        Assert.Contains(says, result.Problems[0].Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metric: {name: loss, goal: minimize}", "SWP020", 1, 1, "anything, declared")]
    [InlineData("trainable: anything", "SWP024", 1, 1, "what to optimize")]
    [InlineData("trainable: anythin\nmetric: {name: l, goal: minimize}", "SWP021", 1, 12, "did you mean 'anything'? Registered: anything, declared.")]
    [InlineData("trainable: {type: A.B}\nmetric: {name: l, goal: minimize}", "SWP013", 1, 1, "lacks 'assembly'")]
    [InlineData("trainable: anything\nmetric: {name: l}", "SWP013", 2, 1, "lacks 'goal'")]
    [InlineData("trainable: anything\nmetric: {goal: minimize}", "SWP013", 2, 1, "lacks 'name'")]
    [InlineData("trainable: anything\nmetric: {name: l, goal: min}", "SWP014", 2, 25, "minimize, maximize")]
    [InlineData("trainable: anything\nmetric: {name: l, goal: maximise}", "SWP014", 2, 25, "did you mean 'maximize'")]
    [InlineData("trainable: anything\nmetric: {name: l, goal: minimize, from: first}", "SWP014", 2, 41, "last, best")]
    [InlineData("trainable: anything\nmetric: {name: l, goal: minimize, target: .inf}", "SWP015", 2, 43, "finite")]
    [InlineData("trainable: anything\nmetrics: [{name: l, goal: minimize}, {name: m, goal: minimize}]", "SWP090", 2, 38, "not built yet")]
    [InlineData("trainable: anything\nmetrics: []", "SWP015", 2, 1, "empty")]
    [InlineData("trainabel: anything\nmetric: {name: l, goal: minimize}", "SWP010", 1, 1, "did you mean 'trainable'")]
    [InlineData("command: [no-such-program]\nmetric: {name: l, goal: minimize}", "SWP031", 1, 11, "'no-such-program' cannot be started: it is in no folder of PATH")]
    [InlineData("command: [dotnet, \"${leraningRate}\"]\nmetric: {name: l, goal: minimize}", "SWP029", 1, 19, "leraningRate")]
    [InlineData("command: [dotnet]\nresources: {artifacts: 1GiB}\nmetric: {name: l, goal: minimize}", "SWP016", 2, 24, "adds nothing so")]
    [InlineData("command: [dotnet]\nisolation: thread\nmetric: {name: l, goal: minimize}", "SWP016", 2, 12, "a process of its own")]
    [InlineData("trainable: declared\nmetric: {name: lss, goal: minimize}", "SWP023", 2, 16, "did you mean 'loss'")]
    [InlineData("trainable: declared\nmetrics: [{name: lss, goal: minimize}]", "SWP023", 2, 18, "did you mean 'loss'")]
    public void Read_OneMistakeInTheHead_IsReportedAtItsPlace(string text, string code, int line, int column, string says)
    {
        var result = SweepFileReader.ReadText(text + "\nparameters: {batch: [1, 2]}", "sweep.yaml", TestCatalog.Instance);

        var problem = Assert.Single(result.Problems);
        Assert.Equal((code, line, column), (problem.Problem.Code, problem.Line, problem.Column));
        Assert.Contains(says, problem.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parameters: {lr: {min: '0.01', max: '0.05'}}\ncommand: [dotnet, \"${lr}\"]", "SWP012 SWP012")]
    [InlineData("parameters: {m: {parameters: {lr: {min: 'a', max: 1}}}}\ncommand: [dotnet, \"${m.lr}\"]", "SWP012")]
    [InlineData("program: x.py\nparameters: {lr: [1]}\ncommand: [dotnet, \"${env}\", \"${interpreter}\"]", "SWP010 SWP029 SWP029")]
    [InlineData("comand: x.py\nparameters: {lr: [1]}\ncommand: [no-such-program, \"${r}\"]", "SWP010 SWP029 SWP031")]
    [InlineData("n_trials: 3\nlimits: {maxRuns: 0}\nparameters: {lr: [1]}\ncommand: [dotnet]", "SWP010 SWP015")]
    public void Read_SeveralMistakes_AreTheTrueOnes_AllAtOnce(string text, string codes) => Assert.Equal(
        codes,
        string.Join(' ', SweepFileReader.ReadText("metric: {name: l, goal: minimize}\nmethod: random\n" + (text.Contains("limits") ? "" : "limits: {maxRuns: 2}\n") + text, "sweep.yaml", TestCatalog.Instance)
            .Problems.Select(p => p.Problem.Code).Order()));

    [Theory]
    [InlineData("sweep.yaml", "100000000000000000000", 1, 22)]
    [InlineData("sweep.yaml", "-9223372036854775809", 1, 22)]
    [InlineData("sweep.yaml", "0x8000000000000000", 1, 22)]
    [InlineData("sweep.json", "9223372036854775808", 1, 22)]
    public void Read_IntegerBeyond64Bits_IsAnErrorAtItsPlace(string file, string number, int line, int column)
    {
        var text = "{\"parameters\":{\"x\": [" + number + ", 9223372036854775807]}, \"trainable\": \"anything\", \"metric\": {\"name\": \"l\", \"goal\": \"minimize\"}}";
        var problem = Assert.Single(SweepFileReader.ReadText(text, file, TestCatalog.Instance).Problems);
        Assert.Equal(("SWP015", line, column), (problem.Problem.Code, problem.Line, problem.Column));
        Assert.Contains(number, problem.Problem.Message, StringComparison.Ordinal);
        foreach (var written in new[] { "1e20", "100000000000000000000.0", "\"100000000000000000000\"" })
            Assert.Empty(SweepFileReader.ReadText(text.Replace(number, written), file, TestCatalog.Instance).Problems);
    }

    [Fact]
    public void Read_IntegerBeyond64BitsInAConstraint_IsAnError() =>
        Assert.Contains("64 bits", Assert.Single(SweepFileReader.ReadText(
            "{trainable: anything, metric: {name: l, goal: minimize}, parameters: {x: [1, 2]}, constraints: ['x < 9223372036854775808']}", "s.yaml", TestCatalog.Instance).Problems).Problem.Message, StringComparison.Ordinal);
}
