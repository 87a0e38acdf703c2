using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>Writes the runs that are asked for, or their series, as they are read: memory does not grow with their number.</summary>
internal static class Exporter
{
    /// <summary>The series of so many runs are read together.</summary>
    private const int RunsAtOnce = 500;

    /// <returns>How many lines there were besides the header.</returns>
    public static async Task<long> WriteAsync(ISweepStore store, string sweep, IAsyncEnumerable<RunRecord> runs, ExportContent content, IExportFormat format)
    {
        var written = 0L;
        format.Begin();
        if (content == ExportContent.Runs)
        {
            await foreach (var run in runs.ConfigureAwait(false))
            {
                format.Write(run);
                written++;
            }

            return written;
        }

        if (content == ExportContent.Assignments)
        {
            await foreach (var assignment in RunGroups.OfAsync(runs).ConfigureAwait(false))
            {
                format.Write(assignment);
                written++;
            }

            return written;
        }

        await foreach (var some in runs.Chunk(RunsAtOnce).ConfigureAwait(false))
        {
            var byNumber = some.ToDictionary(r => r.Number);
            await foreach (var (number, point) in store.SeriesAsync(sweep, byNumber.Keys).ConfigureAwait(false))
            {
                format.Write(byNumber[number], point);
                written++;
            }
        }

        return written;
    }
}
