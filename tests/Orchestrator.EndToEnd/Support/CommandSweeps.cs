using System.Text.Json;

namespace Orchestrator.EndToEnd.Support;

/// <summary>Two sweeps with every command that ends badly: those that are to be stopped after half a second, and the others.</summary>
public class CommandSweeps : IAsyncLifetime
{
    private static readonly (string How, string Script)[] InTime =
    [
        ("exits", "echo '{\"loss\": 1}'; echo 'ValueError: bad rate' >&2; exit 7"),
        ("throws", "printf 'Traceback (most recent call last):\\n  File \"train.py\", line 10, in main\\nKeyError: 3\\nCompile with TORCH_USE_CUDA_DSA\\n' >&2; exit 1"),
        ("takes-all-memory", "printf 'Traceback (most recent call last):\\n  File \"train.py\", line 10, in main\\nMemoryError\\n' >&2; exit 1"),
        ("crashes", "kill -SEGV $$"),
        ("is-killed", "kill -KILL $$"),
        ("reports-nothing", "exit 0"),
        ("diverges", "echo '{\"loss\": -Infinity}'"),
    ];

    private static readonly (string How, string Script)[] TooLate =
    [
        ("is-deaf", "trap '' TERM; while :; do sleep 0.1; done"),
        ("is-late", "sleep 600 & wait"),
    ];

    private readonly ProgramHome _home;
    private readonly List<ProgramResult> _ends = [];
    private readonly Dictionary<string, JsonElement> _runs = [];

    public CommandSweeps()
        : this(null)
    {
    }

    protected CommandSweeps(string? way) => _home = new ProgramHome { Way = way };

    public string Folder => _home.Folder;

    /// <summary>How the sweeps ended.</summary>
    internal IReadOnlyList<ProgramResult> Ends => _ends;

    public JsonElement RunOf(string how) => _runs[how];

    public async ValueTask InitializeAsync()
    {
        await SweepAsync("5m", InTime);
        await SweepAsync("500ms", TooLate);
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private async Task SweepAsync(string timeout, (string How, string Script)[] commands)
    {
        foreach (var (how, script) in commands)
            _home.Write(how + ".sh", script);
        var file = _home.Write("c.json", JsonSerializer.Serialize(new
        {
            command = new[] { "sh", "${sweepDir}/${how}.sh" },
            metric = new { name = "loss", goal = "minimize" },
            parameters = new { how = commands.Select(c => c.How) },
            timeout,
        }));
        _ends.Add(await _home.RunAsync("sweep", file, "--workers", "2", "--json"));
        foreach (var run in (await _home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray())
            _runs.Add(run.GetProperty("parameters").GetProperty("how").GetString()!, run);
    }
}

/// <summary>The same, started by what .NET has on every system.</summary>
public sealed class PortableCommandSweeps() : CommandSweeps("portable");
