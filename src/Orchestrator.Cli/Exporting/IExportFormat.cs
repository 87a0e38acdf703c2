using Orchestrator.Storage;

namespace Orchestrator.Cli.Exporting;

/// <summary>Writes runs or their series, one after the other.</summary>
internal interface IExportFormat : IAsyncDisposable
{
    /// <summary>What comes before everything else.</summary>
    void Begin();

    void Write(RunRecord run);

    void Write(RunRecord run, MetricPoint point);
}

/// <summary>How it is written.</summary>
internal enum ExportFormat
{
    Csv,
    Jsonl,
}

/// <summary>What is exported.</summary>
internal enum ExportContent
{
    Runs,
    Metrics,
}
