using System.Text;
using Orchestrator.Tracking;

namespace Orchestrator.Web.Dashboard.Views;

/// <summary>The last lines that a run logged.</summary>
/// <param name="Text">The lines, without control characters.</param>
/// <param name="IsCut">Whether there are earlier ones.</param>
/// <param name="Path">The whole log's file.</param>
internal sealed record LogTail(string Text, bool IsCut, string Path)
{
    private const int MostBytes = 32 * 1024;
    private const int MostLines = 200;

    /// <summary>The end of the run's log; <see langword="null"/> if it logged nothing.</summary>
    public static async Task<LogTail?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = System.IO.Path.Combine(folder, RunLog.FileName);
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                var isCut = file.Length > MostBytes;
                if (isCut)
                    file.Seek(-MostBytes, SeekOrigin.End);
                var bytes = new byte[MostBytes];
                var count = await file.ReadAtLeastAsync(bytes, MostBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return Of(Encoding.UTF8.GetString(bytes, 0, count), isCut, path);
            }
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static LogTail? Of(string text, bool isCut, string path)
    {
        var lines = Presentation.Human.Lines(text.ReplaceLineEndings("\n")).TrimEnd('\n').Split('\n');
        if (lines is [""])
            return null;
        var shown = lines.Skip(isCut ? 1 : 0).TakeLast(MostLines).ToArray(); // the first line of a part may be half a line
        return new(string.Join('\n', shown), isCut || shown.Length < lines.Length, path);
    }
}
