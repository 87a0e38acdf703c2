using System.Text.RegularExpressions;
using Orchestrator.Cli;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Verbs;
using Orchestrator.Diagnostics;
using Orchestrator.Tests.Architecture;

namespace Orchestrator.Tests.Cli;

/// <summary>
/// What people see, word for word: each verb's plain output on a store that is always the same, and its help. After a change that is
/// meant, <c>ORCHESTRATOR_ACCEPT=1 dotnet test</c> writes the files beside this one anew.
/// </summary>
public sealed partial class SnapshotTests : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Orchestrator.Tests", "Cli", "Snapshots");

    private readonly CliBench _bench = new();

    public static TheoryData<string, string[]> Calls => new()
    {
        { "list", ["list"] },
        { "list-project", ["list", "--project", "none"] },
        { "status", ["status", DemoStore.Id] },
        { "runs", ["runs", DemoStore.Id, "--limit", "5"] },
        { "runs-where", ["runs", DemoStore.Id, "--where", "optimizer == 'adam' and metrics.accuracy > 0.9", "--sort", "learningRate", "--desc", "--limit", "4"] },
        { "runs-none", ["runs", DemoStore.Id, "--where", "state == 'pruned'"] },
        { "runs-wrong", ["runs", DemoStore.Id, "--where", "optimzer == 'adam' and state == 'fialed'"] },
        { "show", ["show", DemoStore.Id + "/000001"] },
        { "show-failed", ["show", DemoStore.Id + "/000002"] },
        { "best", ["best", DemoStore.Id, "--limit", "3"] },
        { "logs", ["logs", DemoStore.Id + "/000001"] },
        { "compare", ["compare", DemoStore.Id + "/000000", DemoStore.Id + "/000028"] },
        { "compare-all", ["compare", DemoStore.Id + "/000000", DemoStore.Id + "/000002", DemoStore.Id + "/000028", "--all"] },
        { "compare-sweeps", ["compare", DemoStore.Id + "/000028", DemoStore.Other + "/000000"] },
        { "failures", ["failures", DemoStore.Id] },
        { "failures-none", ["failures", DemoStore.Other] },
        { "export-csv", ["export", DemoStore.Id, "--where", "number < 4"] },
        { "export-jsonl", ["export", DemoStore.Id, "--where", "number in [1, 2]", "--format", "jsonl"] },
        { "export-metrics", ["export", DemoStore.Id, "--where", "number < 2", "--what", "metrics"] },
        { "rm", ["rm", DemoStore.Id, "--yes"] },
        { "rm-not-asked", ["rm", DemoStore.Id] },
        { "completion-bash", ["completion", "bash"] },
        { "completion-zsh", ["completion", "zsh"] },
        { "completion-fish", ["completion", "fish"] },
        { "completion-pwsh", ["completion", "pwsh"] },
    };

    public static TheoryData<string> Verbs =>
        [.. CommandTree.Create(Silent).Subcommands.Select(c => c.Name)];

    private static CliApp Silent => new(new CliConsole(TextWriter.Null, TextWriter.Null, () => Stream.Null, _ => null), null);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Output_OnTheFixedStore_IsTheAcceptedOne(string name, string[] args)
    {
        await DemoStore.CreateAsync(_bench.Home);
        var run = await _bench.RunAsync(args);
        Check(name, $"$ orchestrator {string.Join(' ', args)}\n{run.Out}{(run.Error.Length > 0 ? "--- standard error\n" + run.Error : "")}--- exit code {run.Code}\n");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void CommandTree_ForAVerb_MakesNoOther(string verb) =>
        Assert.Equal([verb], CommandTree.Create(Silent, verb, "--json").Subcommands.Select(c => c.Name));

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_OfAVerb_IsTheAcceptedOne(string verb)
    {
        var help = (await _bench.RunAsync(verb, "--help")).Out;
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        Check("help-" + verb, help);
    }

    [Fact]
    public async Task Help_OfTheProgram_IsTheAcceptedOne() => Check("help", (await _bench.RunAsync("--help")).Out);

    [Theory]
    [InlineData("init.yaml")]
    [InlineData("init.json")]
    public async Task Init_WritesTheAcceptedFile(string name)
    {
        var file = Path.Combine(_bench.Folder, name);
        await _bench.RunAsync("init", file);
        Check(name, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public void Doctor_OnFixedFindings_IsTheAcceptedOne()
    {
        using var output = new StringWriter();
        DoctorVerb.Write(new CliConsole(output, TextWriter.Null, () => Stream.Null, _ => null),
        [
            ("home", DoctorFinding.Ok("/home is writable")),
            ("home", DoctorFinding.Warning("500 MiB free", "Make room.")),
            ("database", DoctorFinding.Error("damaged: page 3", "Use another one.")),
        ]);
        Check("doctor", output.ToString());
    }

    private void Check(string name, string actual)
    {
        // What depends on the machine: where the test's folder is, and the time zone in which people read moments.
        actual = Moment().Replace(actual, "YYYY-MM-DD hh:mm:ss +hh:mm").Replace(_bench.Folder, "FOLDER", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal);
        var file = Path.Combine(Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("ORCHESTRATOR_ACCEPT") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"There is no accepted output '{name}': ORCHESTRATOR_ACCEPT=1 dotnet test writes it.");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d")]
    private static partial Regex Moment();
}
