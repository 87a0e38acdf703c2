using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>Writes runs or their series, one after the other.</summary>
internal interface IExportFormat : IAsyncDisposable
{
    /// <summary>What comes before everything else.</summary>
    void Begin();

    void Write(RunRecord run);

    void Write(RunRecord run, MetricPoint point);

    void Write(AssignmentSummary assignment);
}
