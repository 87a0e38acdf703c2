using System.Text;

namespace Orchestrator.Cli.Looks;

/// <summary>Copies a growing file to standard output, piece by piece.</summary>
internal sealed class FileTail(string path, CliConsole console) : IAsyncDisposable
{
    private FileStream? _file;
    private Stream? _output;

    /// <summary>Whether there was a file so far.</summary>
    public bool Exists => _file is not null;

    /// <summary>Copies what is new.</summary>
    public async Task CopyAsync(CancellationToken cancellationToken)
    {
        if (_file is null && !File.Exists(path))
            return;
        _file ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        _output ??= console.OpenOut();
        await _file.CopyToAsync(_output, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Writes a text behind what was copied.</summary>
    public async Task WriteAsync(string text)
    {
        _output ??= console.OpenOut();
        await _output.WriteAsync(Encoding.UTF8.GetBytes(text));
        await _output.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_output is not null)
            await _output.DisposeAsync();
        if (_file is not null)
            await _file.DisposeAsync();
    }
}
