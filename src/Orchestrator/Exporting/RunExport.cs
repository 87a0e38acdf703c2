using Orchestrator.Querying;
using Orchestrator.Storage;

namespace Orchestrator.Exporting;

/// <summary>Exports the runs of a sweep or experiment: for the command line and for code alike.</summary>
internal static class RunExport
{
    /// <summary>The format that a file's name says.</summary>
    public static ExportFormat FormatOf(string? file) =>
        file?.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) == true ? ExportFormat.Jsonl : ExportFormat.Csv;

    /// <returns>How many lines there were besides the header.</returns>
    public static async Task<long> WriteAsync(
        ISweepStore store, SweepRecord sweep, RunFilter? filter, ExportContent content, ExportFormat format, Stream stream, CancellationToken cancellationToken = default)
    {
        var columns = await ExportColumns.ReadAsync(store, sweep).ConfigureAwait(false);
        IExportFormat writer = format == ExportFormat.Csv ? new CsvExport(stream, columns, content) : new JsonlExport(stream);
        await using (writer.ConfigureAwait(false))
        {
            var runs = RunQueries.QueryAsync(store, sweep.Id, filter, cancellationToken: cancellationToken);
            return await Exporter.WriteAsync(store, sweep.Id, runs, content, writer).ConfigureAwait(false);
        }
    }

    /// <summary>To a file, which is replaced when all is written: an export that fails leaves it as it was.</summary>
    /// <exception cref="FormatException">The filter cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static async Task<long> ToFileAsync(ISweepStore store, SweepRecord sweep, string file, ExportOptions options, CancellationToken cancellationToken)
    {
        var filter = options.Where is { } where
            ? RunFilter.Parse(where, await RunNames.OfAsync(store, sweep, cancellationToken).ConfigureAwait(false))
            : null;
        var target = new AtomicFile(file);
        await using (target.ConfigureAwait(false))
        {
            var lines = await WriteAsync(store, sweep, filter, options.Content, options.Format ?? FormatOf(file), target.Stream, cancellationToken).ConfigureAwait(false);
            await target.CommitAsync().ConfigureAwait(false);
            return lines;
        }
    }
}
