using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>
/// Every verb on the real program: a right and a wrong input, each in plain text and under --json. Checked are the exit code, which stream
/// speaks, that the document is one, and that an error says what to do.
/// </summary>
public sealed class EveryVerbTests(EveryVerbTests.PreparedHome prepared) : IClassFixture<EveryVerbTests.PreparedHome>
{
    private const int Usage = 2;
    private const int InvalidFile = 3;

    private static readonly Dictionary<string, VerbCase> Cases = new()
    {
        ["init"] = new(["init", "new-{0}.yaml"], "is written", ["init", "demo.yaml"], Usage, "--force replaces it"),
        ["validate"] = new(["validate", "demo.yaml"], "", ["validate", "wrong.yaml"], InvalidFile, "wrong.yaml(3,1): error SWP160") { ErrorOutput = true },
        ["plan"] = new(["plan", "demo.yaml"], "4 runs", ["plan", "nonesuch.yaml"], InvalidFile, "nonesuch.yaml"),
        ["schema"] = new(["schema"], "json-schema.org", ["schema", "demo.yaml"], Usage, "one argument too many", HasJson: false),
        ["sweep"] = new(["sweep", "demo.yaml"], "best", ["sweep", "wrong.yaml"], InvalidFile, "Did you mean 'grid'?"),
        ["resume"] = new(["resume", "fails"], "", ["resume", "nonesuch"], Usage, "There is no sweep 'nonesuch'") { Exit = 5 },
        ["retry"] = new(["retry", "fails", "--run", "0"], "", ["retry", "demo", "--run", "99"], Usage, "its runs are 0 to 3") { Exit = 5 },
        ["add"] = new(["add", "random", "--runs", "1"], "best", ["add", "random", "--runs", "0"], Usage, "--runs takes a whole number of at least 1, not '0'"),
        ["serve"] = new(["serve", "--help"], "Orchestrator:Web", ["serve", "--urls", "nowhere"], Usage, "takes addresses such as http://127.0.0.1:5080", HasJson: false),
        ["submit"] = new(["submit", "demo.yaml", "--set", "name=handed"], "queued", ["submit", "wrong.yaml"], InvalidFile, "Did you mean 'grid'?"),
        ["schedule"] = new(["schedule", "demo.yaml", "--cron", "0 2 1 1 *", "--name", "yearly-{0}"], "0 2 1 1 *", ["schedule", "demo.yaml", "--cron", "0 25 * * *"], Usage, "'0 25 * * *' is no time"),
        ["pause"] = new(["pause", "busy"], "Nothing new is started|paused already", ["pause", "demo"], Usage, "is not being executed"),
        ["continue"] = new(["continue", "busy"], "goes on|not paused", ["continue", "bussy"], Usage, "Did you mean 'busy'?"),
        ["stop"] = new(["stop", "stopped"], "can be resumed", ["stop", "demo"], Usage, "is not being executed: it is completed"),
        ["cancel"] = new(["cancel", "stopped"], "can be resumed", ["cancel", "nonesuch"], Usage, "There is no sweep 'nonesuch'"),
        ["set"] = new(["set", "busy", "limits.maxRuns=200"], "limits.maxRuns is 200", ["set", "busy", "maxRun=3"], Usage, "did you mean|Did you mean"),
        ["list"] = new(["list"], "demo", ["list", "--limit", "0"], Usage, "--limit takes a whole number of at least 1"),
        ["status"] = new(["status", "demo"], "completed", ["status", "nonesuch"], Usage, "The latest are"),
        ["runs"] = new(["runs", "demo", "--where", "x > 1"], "completed", ["runs", "demo", "--where", "y > 1"], Usage, "y"),
        ["show"] = new(["show", "DEMO/000001"], "parameters", ["show", "seven"], Usage, "There is no run 'seven'. Write its id"),
        ["logs"] = new(["logs", "FAILS/000000"], "ERR Attempt 1 failed", ["logs", "DEMO/000077"], Usage, "its runs are 0 to 3", HasJson: false),
        ["best"] = new(["best", "demo"], "value", ["best", "demo", "--limit", "many"], Usage, "--limit takes a whole number"),
        ["compare"] = new(["compare", "DEMO/000000", "DEMO/000001"], "x", ["compare", "DEMO/000000"], Usage, "takes two runs or more"),
        ["failures"] = new(["failures", "fails"], "failed on purpose", ["failures", "nonesuch"], Usage, "There is no sweep"),
        ["export"] = new(["export", "demo", "--output", "runs-{0}.csv"], "", ["export", "demo", "--format", "xml"], Usage, "--format takes csv, jsonl") { SaysOnError = "4 runs of" },
        ["doctor"] = new(["doctor"], "home", ["doctor", "--nonesuch"], Usage, "There is no option '--nonesuch'"),
        ["rm"] = new(["rm", "removed-{0}", "--yes"], "removed", ["rm", "demo"], Usage, "takes --yes"),
        ["completion"] = new(["completion", "bash"], "complete", ["completion", "cmd"], Usage, "There is no completion for 'cmd'", HasJson: false),
    };

    public static TheoryData<string> Verbs => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Verb_RightAndWrong_PlainAndJson(string verb)
    {
        var tried = Cases[verb];
        var plain = await prepared.RunAsync("plain", tried.Right);
        Assert.True(plain.ExitCode == tried.Exit, $"{plain.ExitCode}: {plain.Output}{plain.Error}");
        Assert.Matches(tried.Says, plain.Output);
        Assert.Contains(tried.SaysOnError, plain.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', plain.Output + plain.Error);
        if (tried.HasJson)
        {
            var json = await prepared.RunAsync("json", [.. tried.Right, "--json"]);
            Assert.True(json.ExitCode == tried.Exit, $"{json.ExitCode}: {json.Output}{json.Error}");
            Assert.Equal(1, json.Json.GetProperty("version").GetInt32());
            Assert.False(json.Json.TryGetProperty("error", out _));
        }

        var wrong = await Task.WhenAll(prepared.RunAsync("plain", tried.Wrong), prepared.RunAsync("json", [.. tried.Wrong, "--json"]));
        Assert.All(wrong, w => Assert.True(w.ExitCode == tried.WrongExit, $"{w.ExitCode}: {w.Output}{w.Error}"));
        Assert.Matches(RegexOf(tried.WrongSays), tried.ErrorOutput ? wrong[0].Output : wrong[0].Error);
        if (!tried.ErrorOutput)
            Assert.Equal("", wrong[0].Output);
        Assert.DoesNotContain("   at ", wrong[0].Error, StringComparison.Ordinal);
        if (tried.HasJson && !tried.ErrorOutput)
        {
            var error = wrong[1].Json.GetProperty("error");
            Assert.Equal(tried.WrongExit, error.GetProperty("exitCode").GetInt32());
            Assert.Matches(RegexOf(tried.WrongSays), error.GetProperty("message").GetString());
        }
        else
        {
            Assert.Equal(1, wrong[1].Json.GetProperty("version").GetInt32());
        }
    }

    /// <summary>The table names every verb that the program has: a new one is tried, too.</summary>
    [Fact]
    public async Task Table_NamesEveryVerbOfTheHelp()
    {
        var help = (await prepared.RunAsync("plain", ["--help"])).Output;
        var verbs = help[help.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n').Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
            .Where(line => line[2] != ' ').Select(line => line.Trim().Split(' ')[0]);
        Assert.Equal(verbs.Order(StringComparer.Ordinal), Cases.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>What is between bars is an alternative, everything else is meant as it stands.</summary>
    private static string RegexOf(string text) => string.Join('|', text.Split('|').Select(System.Text.RegularExpressions.Regex.Escape));

    /// <param name="Right">What works; <c>{0}</c> differs from call to call, a name in capitals stands for the sweep's id.</param>
    /// <param name="Says">What standard output then has.</param>
    /// <param name="Wrong">What does not.</param>
    /// <param name="WrongExit">How the program ends then.</param>
    /// <param name="WrongSays">What it says: what is wrong, and what there is instead.</param>
    /// <param name="HasJson">Whether the verb has <c>--json</c>; one that has not refuses it with a document.</param>
    private sealed record VerbCase(string[] Right, string Says, string[] Wrong, int WrongExit, string WrongSays, bool HasJson = true)
    {
        public int Exit { get; init; }

        public string SaysOnError { get; init; } = "";

        /// <summary>The errors are the verb's data.</summary>
        public bool ErrorOutput { get; init; }
    }

    /// <summary>A home with sweeps of every kind, and one that is being executed.</summary>
    public sealed class PreparedHome : IAsyncLifetime
    {
        private readonly ProgramHome _home = new();
        private readonly Dictionary<string, string> _ids = [];
        private WatchedProgram? _busy;
        private Web.ServedHome? _serve;

        public async ValueTask InitializeAsync()
        {
            Write("demo", "x: [1, 2, 3, 4]");
            Write("fails", "x: [1, 2], failureRate: 1");
            Write("random", "x: {min: 0.0, max: 1.0}", "method: random\nlimits: {maxRuns: 2}\n");
            Write("busy", "x: {min: 0.0, max: 1.0}, sleep: 600", "method: random\nlimits: {maxRuns: 100}\n");
            _home.Write("wrong.yaml", "trainable: function\nmetric: {name: value, goal: minimize}\nmethod: {type: gridd}\nparameters: {x: [1]}\n");
            await Task.WhenAll(SweepAsync("demo", 0), SweepAsync("fails", 5), SweepAsync("random", 0));
            await Task.WhenAll(SweepAsync("demo", 0, "removed-plain"), SweepAsync("demo", 0, "removed-json"));
            using (var stopped = new WatchedProgram(_home.Start("sweep", "busy.yaml", "--set", "name=stopped", "--workers", "1")))
            {
                await stopped.SaysAsync(" started: ");
                stopped.Signal(9);
                await stopped.EndAsync();
            }

            _busy = new WatchedProgram(_home.Start("sweep", "busy.yaml", "--workers", "1"));
            await _busy.SaysAsync(" started: ");
            _serve = await Web.ServedHome.StartAsync(_home);
        }

        public ValueTask DisposeAsync()
        {
            _serve?.Dispose();
            _busy?.Dispose();
            _home.Dispose();
            return ValueTask.CompletedTask;
        }

        internal Task<ProgramResult> RunAsync(string call, string[] args) =>
            _home.RunAsync([.. args.Select(a => _ids.Aggregate(a.Replace("{0}", call, StringComparison.Ordinal), (text, id) => text.Replace(id.Key, id.Value, StringComparison.Ordinal)))]);

        private void Write(string name, string parameters, string more = "") =>
            _home.Write(name + ".yaml", $"trainable: function\nmetric: {{name: value, goal: minimize}}\nparameters: {{{parameters}}}\n{more}");

        private async Task SweepAsync(string file, int exit, string? name = null)
        {
            var result = await _home.RunAsync(["sweep", file + ".yaml", "--set", "name=" + (name ?? file), "--json"]);
            Assert.True(result.ExitCode == exit, result.Error);
            lock (_ids)
                _ids[(name ?? file).ToUpperInvariant()] = result.Json.GetProperty("sweep").GetProperty("id").GetString()!;
        }
    }
}
