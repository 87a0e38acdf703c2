using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Orchestrator.Benchmarks.Micro;

/// <summary>
/// With allocations, in this process: a project that BenchmarkDotNet generates would have to obey this repository's analyzers.
/// </summary>
internal sealed class MicroConfig : ManualConfig
{
    /// <summary>Short runs.</summary>
    public static MicroConfig Short { get; } = new(Job.ShortRun);

    /// <summary>Each once, only to see that it works, in a debug build as well.</summary>
    public static MicroConfig Smoke { get; } = new(Job.Dry) { Options = ConfigOptions.DisableOptimizationsValidator };

    private MicroConfig(Job job)
    {
        AddJob(job.WithToolchain(InProcessEmitToolchain.Instance));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddLogger(ConsoleLogger.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddExporter(MarkdownExporter.GitHub);
        AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByCategory);
    }
}
