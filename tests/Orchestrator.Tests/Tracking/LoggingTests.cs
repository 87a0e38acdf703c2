using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrator.Hosting;
using Orchestrator.Tracking;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using static Orchestrator.Tests.Tracking.TestRuns;

#pragma warning disable CA1848, CA1873, CA2254 // logs as user code does

namespace Orchestrator.Tests.Tracking;

/// <summary>The console and Serilog's static logger belong to the process.</summary>
[CollectionDefinition(nameof(ProcessConsole), DisableParallelization = true)]
public sealed class ProcessConsole;

[Collection(nameof(ProcessConsole))]
public sealed class LoggingTests : IDisposable
{
    private readonly TestRuns _runs = new();
    private readonly List<string> _shown = [];

    public void Dispose()
    {
        Log.Logger = Logger.None;
        _runs.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunLog_HostThatLogsWithSerilogAlone_HasEachLineOnce(bool passesOnToProviders)
    {
        var services = new ServiceCollection();
        services.AddOrchestrator();
        await using var own = new LoggerConfiguration().MinimumLevel.Warning().CreateLogger();
        var providers = passesOnToProviders ? new LoggerProviderCollection() : null;
        services.AddSingleton<ILoggerFactory>(p =>
        {
            var factory = new SerilogLoggerFactory(own, dispose: false, providers);
            foreach (var provider in passesOnToProviders ? p.GetServices<ILoggerProvider>() : [])
                factory.AddProvider(provider);
            return factory;
        });
        await using var host = services.BuildServiceProvider();
        var logger = host.GetRequiredService<ILogger<LoggingTests>>();
        var run = _runs.Run(1);

        await InFlow(_runs.Attempt(run), () =>
        {
            logger.LogInformation("hello");
            logger.LogDebug("not shown");
            return Task.CompletedTask;
        });

        Assert.EndsWith($"INF {typeof(LoggingTests).FullName}: hello", Assert.Single(LogOf(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunLog_TwoParallelRuns_EachGetTheirOwnFromEveryKindOfLogger()
    {
        await using var services = Services([]);
        var logger = services.GetRequiredService<ILogger<LoggingTests>>();
        var runs = new[] { _runs.Run(1), _runs.Run(2) };
        using var both = new Barrier(2);
        await Task.WhenAll(runs.Select(run => InFlow(_runs.Attempt(run), async () =>
        {
            logger.LogInformation("{Word} from {Number}", "hello", run.Number);
            await Task.Run(() =>
            {
                both.SignalAndWait(TimeSpan.FromSeconds(30)); // both flows are alive now
                Log.Information("static {Number}", run.Number);
            });
            var thread = new Thread(() => Log.ForContext<TestRuns>().Error(new InvalidOperationException("boom"), "thread {Number}", run.Number));
            thread.Start();
            thread.Join();
            logger.LogDebug("not shown");
        })));
        logger.LogInformation("outside");
        Log.Information("outside");

        foreach (var run in runs)
        {
            var lines = LogOf(run);
            Assert.Equal(4, lines.Length);
            Assert.Matches($@"^\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z INF {typeof(LoggingTests).FullName}: hello from {run.Number}$", lines[0]);
            Assert.EndsWith($"Z INF static {run.Number}", lines[1], StringComparison.Ordinal);
            Assert.EndsWith($"ERR {typeof(TestRuns).FullName}: thread {run.Number}", lines[2], StringComparison.Ordinal);
            Assert.Equal("System.InvalidOperationException: boom", lines[3]);
        }
    }

    [Fact]
    public async Task RunLog_TaskThatOutlivesItsRun_ReachesNoLog()
    {
        await using var services = Services([]);
        var logger = services.GetRequiredService<ILogger<LoggingTests>>();
        var run = _runs.Run();
        var over = new TaskCompletionSource();
        Task? late = null;
        await InFlow(_runs.Attempt(run), () =>
        {
            logger.LogInformation("in time");
            late = Task.Run(async () =>
            {
                await over.Task;
                logger.LogInformation("late");
            });
            return Task.CompletedTask;
        });
        over.SetResult();
        await late!;
        Assert.Single(LogOf(run));
    }

    [Fact]
    public async Task RunLog_HostWithLoggingOfItsOwn_GetsItToo()
    {
        await using var services = new ServiceCollection().AddLogging(logging => logging.AddOrchestratorRunLog()).BuildServiceProvider();
        var run = _runs.Run();
        await InFlow(_runs.Attempt(run), () =>
        {
            services.GetRequiredService<ILogger<LoggingTests>>().LogInformation("hello");
            return Task.CompletedTask;
        });
        Assert.EndsWith("LoggingTests: hello", Assert.Single(LogOf(run)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enricher_InARun_NamesIt()
    {
        var sink = new ListSink();
        await using var logger = new LoggerConfiguration().Enrich.With<RunEnricher>().WriteTo.Sink(sink).CreateLogger();
        logger.Information("outside");
        await InFlow(_runs.Attempt(_runs.Run(4)), () =>
        {
            logger.Information("inside");
            return Task.CompletedTask;
        });
        Assert.Empty(sink.Events[0].Properties);
        Assert.Equal("\"S/000004\"", sink.Events[1].Properties["RunId"].ToString());
        Assert.Equal("\"S\"", sink.Events[1].Properties["SweepId"].ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StandardError_ShowsWarningsAndTheConsoleTrackerOnly(bool withTheProgramsSettings)
    {
        await using var output = new StringWriter();
        var original = Console.Out;
        Console.SetOut(output);
        try
        {
            using (ConsoleGate.Open(Keep, includeOutput: false))
            {
                await using var services = withTheProgramsSettings ? Services(ProgramSettings()) : Services([]);
                var logger = services.GetRequiredService<ILogger<LoggingTests>>();
                logger.LogInformation("quiet");
                logger.LogWarning("loud {Text}", "text");
                var factory = new ConsoleTrackerFactory(services.GetRequiredService<ILoggerFactory>());
                await using var tracker = factory.Create(new TrackerContext(_runs.Run(), factory.Info, "console"));
                await tracker.StartAsync(_runs.Run(), default);
                await tracker.ReportAsync(new[] { Point("loss", 0, 1) }, default);
            }
        }
        finally
        {
            Console.SetOut(original);
        }

        Assert.DoesNotContain(_shown, line => line.Contains("quiet", StringComparison.Ordinal));
        Assert.Contains(_shown, line => line.Contains("WRN", StringComparison.Ordinal) && line.Contains("loud text", StringComparison.Ordinal));
        Assert.Contains(_shown, line => line.Contains("calm-otter-100 (S/000000) started on cpu", StringComparison.Ordinal));
        Assert.DoesNotContain(_shown, line => line.Contains("step 0", StringComparison.Ordinal));
        Assert.Equal("", output.ToString());
    }

    [Fact]
    public void Configuration_WrongLevel_IsAnErrorThatNamesIt()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Serilog:MinimumLevel:Default", "Loud")]).Build();
        var error = Assert.Throws<InvalidOperationException>(() => OrchestratorLogging.CreateLogger(configuration));
        Assert.Contains("'Serilog'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Loud", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gate_WholeLinesAreHandedOver_AndTheConsoleIsRestored()
    {
        var before = Console.Error;
        TextWriter kept;
        using (var gate = ConsoleGate.Open(Keep, includeOutput: true))
        {
            Assert.Same(before, gate.Terminal);
            kept = Console.Error;
            Console.Error.Write("one");
            Console.Out.WriteLine("print of user code");
            Console.Error.Write(" line\r\ntwo\n\nno end");
            Assert.Equal(["print of user code", "one line", "two", ""], _shown);
        }

        Assert.Equal("no end", _shown[^1]);
        Assert.Same(before, Console.Error);
        kept.Write("");
        Assert.Equal(5, _shown.Count);
    }

    private void Keep(string line)
    {
        lock (_shown)
            _shown.Add(line);
    }

    private static IEnumerable<KeyValuePair<string, string?>> ProgramSettings() =>
        new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build().AsEnumerable();

    private static ServiceProvider Services(IEnumerable<KeyValuePair<string, string?>> settings) => new ServiceCollection()
        .AddOrchestratorLogging(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .BuildServiceProvider();

    private sealed class ListSink : ILogEventSink
    {
        public List<LogEvent> Events { get; } = [];

        public void Emit(LogEvent logEvent) => Events.Add(logEvent);
    }
}
