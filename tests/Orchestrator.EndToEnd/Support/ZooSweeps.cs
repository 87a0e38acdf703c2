using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Support;

/// <summary>
/// Three sweeps with every run that behaves badly, each followed by one that does not: those that are to be stopped after two seconds, those that
/// take too much memory, and the others.
/// </summary>
public class ZooSweeps : IAsyncLifetime
{
    private readonly ProgramHome _home;
    private readonly List<ProgramResult> _ends = [];
    private readonly Dictionary<string, (JsonElement Bad, JsonElement Sibling)> _runs = [];

    public ZooSweeps()
        : this(null)
    {
    }

    protected ZooSweeps(string? way) => _home = new ProgramHome { Program = "Orchestrator.Zoo", Way = way };

    /// <summary>What there is not, and why.</summary>
    public virtual IReadOnlyDictionary<string, string> LeftOut { get; } = new Dictionary<string, string>();

    public string Folder => _home.Folder;

    /// <summary>How the sweeps ended.</summary>
    internal IReadOnlyList<ProgramResult> Ends => _ends;

    /// <summary>The run that behaved so, and the one that came after it.</summary>
    public (JsonElement Bad, JsonElement Sibling) RunsOf(string how) => _runs[how];

    public async ValueTask InitializeAsync()
    {
        await SweepAsync("resources: {artifacts: 2KB}", "throws", "throws-elsewhere", "fails-fast", "aborts", "overflows", "exits", "kills-itself", "reports-nan",
            "reports-nothing", "reports-late", "deletes-folder", "fills-disk", "exceeds-file-size", "saves-too-much", "forks-away", "runs-out-elsewhere");
        await SweepAsync("resources: {memory: 256MiB}", "allocates", "allocates-natively", "allocates-shared-memory", "maps-a-file", "closes-its-channel");
        await SweepAsync("timeout: 2s", "loops", "listens");
        await EndedAsync();
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>After the last sweep.</summary>
    protected virtual Task EndedAsync() => Task.CompletedTask;

    private async Task SweepAsync(string settings, params string[] ways)
    {
        var file = _home.Write("zoo.yaml", $$"""
            trainable: bad
            metric: {name: loss, goal: minimize}
            parameters: {how: [{{string.Join(", ", ways.Where(way => !LeftOut.ContainsKey(way)))}}], bad: [true, false], x: 5.0}
            isolation: process
            {{settings}}
            """);
        _ends.Add(await _home.RunAsync("sweep", file, "--workers", "2", "--json"));
        var runs = (await _home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray().ToArray();
        for (var i = 0; i < runs.Length; i += 2)
            _runs.Add(runs[i].GetProperty("parameters").GetProperty("how").GetString()!, (runs[i], runs[i + 1]));
    }
}

/// <summary>The same, with processes that are started by what .NET has on every system.</summary>
public sealed class PortableZooSweeps() : ZooSweeps("portable")
{
    public override IReadOnlyDictionary<string, string> LeftOut { get; } = new Dictionary<string, string>
    {
        ["closes-its-channel"] = "It closes descriptors by the numbers that a launcher gives; on the portable way those are the runtime's own.",
        ["maps-a-file"] = "On the portable way files that are mapped count.",
    };

    /// <summary>A difference of this way: what has left its session lives on.</summary>
    protected override async Task EndedAsync()
    {
        var number = RunsOf("forks-away").Bad.GetProperty("number").GetInt64();
        foreach (var id in Processes.With($"sleep\0987{number}").Intersect(Processes.With(Folder)))
        {
            using var forked = Process.GetProcessById(id);
            forked.Kill();
            await forked.WaitForExitAsync();
        }
    }
}
