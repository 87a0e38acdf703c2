namespace Orchestrator.Tests.Cli;

public sealed class UsageTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Help_ListsTheVerbs_AndMakesNoHome()
    {
        var run = await _bench.RunAsync("--help");
        Assert.Equal(0, run.Code);
        foreach (var verb in new[] { "validate", "plan", "schema", "sweep", "resume", "list", "status", "runs", "show", "best", "logs", "serve", "submit", "schedule" })
            Assert.Contains($"  {verb} ", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_bench.Home));
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("plan")]
    [InlineData("schema")]
    [InlineData("sweep")]
    [InlineData("resume")]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("runs")]
    [InlineData("show")]
    [InlineData("best")]
    [InlineData("logs")]
    public async Task HelpOfAVerb_EndsWithExamples(string verb)
    {
        var run = await _bench.RunAsync(verb, "--help");
        Assert.Equal(0, run.Code);
        Assert.Contains("Examples:", run.Out, StringComparison.Ordinal);
        Assert.Contains($" {verb}", run.Out[run.Out.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("--home", run.Out, StringComparison.Ordinal);
        Assert.Equal(verb is "sweep" or "resume" or "retry" or "add", run.Out.Contains("--gpus", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        using var output = new StringWriter();
        var console = new Orchestrator.Cli.CliConsole(output, TextWriter.Null, () => Stream.Null, _ => null);
        Assert.Equal(0, await new Orchestrator.Cli.CliApp(console, null).RunAsync(["--version"]));
        Assert.Matches(@"^\d+\.\d+\.\d+", output.ToString());
    }

    [Theory]
    [InlineData("'sweep'", "swep", "x.json")]
    [InlineData("'--workers'", "sweep", "x.json", "--worker", "3")]
    [InlineData("at least 1", "sweep", "x.json", "--workers", "0")]
    [InlineData("at least 1", "sweep", "x.json", "--workers", "many")]
    [InlineData("'failed'", "runs", "--state", "fialed")]
    [InlineData("whole number", "sweep", "x.json", "--seed", "1.5")]
    [InlineData("FILE", "validate")]
    [InlineData("RUN", "show")]
    [InlineData("at least 16 characters", "serve", "--token", "", "--urls", "nowhere")]
    [InlineData("too many", "plan", "a.json", "b.json")]
    public async Task WrongArguments_ExitWith2_AndSayWhatIsRight(string expected, params string[] args)
    {
        var run = await _bench.RunAsync(args);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.StartsWith("error: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task WrongArguments_UnderJson_AreADocumentToo()
    {
        var run = await _bench.RunAsync("list", "--json", "--limitt", "3");
        Assert.Equal(2, run.Code);
        var error = run.Json.GetProperty("error");
        Assert.Equal("usage", error.GetProperty("code").GetString());
        Assert.Equal(2, error.GetProperty("exitCode").GetInt32());
        Assert.Contains("--limit", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoVerb_ShowsTheHelp_OnStandardError()
    {
        using var error = new StringWriter();
        using var output = new StringWriter();
        var console = new Orchestrator.Cli.CliConsole(output, error, () => Stream.Null, _ => null);
        Assert.Equal(2, await new Orchestrator.Cli.CliApp(console, null).RunAsync([]));
        Assert.Contains("sweep", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task BrokenProgram_IsAnInternalError_InOneLine()
    {
        using var error = new StringWriter();
        var console = new Orchestrator.Cli.CliConsole(TextWriter.Null, error, () => Stream.Null, _ => null);
        var app = new Orchestrator.Cli.CliApp(console, _ => throw new InvalidOperationException("the program is broken\nbadly"));
        Assert.Equal(1, await app.RunAsync(["validate", _bench.Grid()]));
        Assert.Equal("error: the program is broken (InvalidOperationException; run with ORCHESTRATOR_DEBUG=1 for the stack)", error.ToString().Trim());
    }

    [Fact]
    public async Task BrokenStore_IsAnInternalError_InTheStoresWords()
    {
        Directory.CreateDirectory(_bench.Home);
        await File.WriteAllTextAsync(Path.Combine(_bench.Home, "orchestrator.db"), new string('x', 5000));
        var run = await _bench.RunAsync("list", "--json");
        Assert.Equal(1, run.Code);
        Assert.Equal("store", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSetting_ExitsWith2()
    {
        var settings = new Microsoft.Extensions.Configuration.ConfigurationManager();
        settings["Orchestrator:Workers"] = "many";
        var wrong = Assert.Throws<Orchestrator.Cli.CliException>(() => Orchestrator.Cli.Settings.AppSettings.Check(settings));
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Workers", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await _bench.RunAsync("list")).Code);
    }

    [Fact]
    public async Task HomeOfTheEnvironment_IsUsed_UnlessTheCommandLineNamesOne()
    {
        using var other = new CliBench();
        await other.RunAsync("sweep", other.Grid());
        using var output = new StringWriter();
        var console = new Orchestrator.Cli.CliConsole(output, TextWriter.Null, () => Stream.Null, name => name == "ORCHESTRATOR_HOME" ? other.Home : null);
        Assert.Equal(0, await new Orchestrator.Cli.CliApp(console, null).RunAsync(["list"]));
        Assert.Contains("demo", output.ToString(), StringComparison.Ordinal);
        _bench.With("ORCHESTRATOR_HOME", other.Home);
        Assert.Empty((await _bench.RunAsync("list")).Out);
    }
}
