using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Execution.Devices;

/// <summary>One GPU as <c>nvidia-smi</c> describes it; memory in bytes.</summary>
internal sealed record NvidiaGpu(int Index, string Uuid, string Name, long? MemoryTotal, long? MemoryUsed);

/// <summary>What <c>nvidia-smi</c> said.</summary>
/// <param name="Gpus">The GPUs.</param>
/// <param name="Why">Why there are none, in a sentence's part: <c>there is no nvidia-smi here</c>.</param>
/// <param name="Remedy">What to do about it; <see langword="null"/>: nothing is wrong.</param>
internal sealed record NvidiaAnswer(IReadOnlyList<NvidiaGpu> Gpus, string? Why = null, string? Remedy = null);

/// <summary>Asks <c>nvidia-smi</c> which GPUs there are. Never waits for it longer than some seconds: where the driver hangs, so does it.</summary>
internal sealed class NvidiaSmi
{
    private const long MiB = 1L << 20;

    /// <summary>The program that is asked; tests put another one in its place.</summary>
    public string Program { get; init; } = "nvidia-smi";

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<NvidiaAnswer> AskAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("--query-gpu=index,uuid,name,memory.total,memory.used");
        start.ArgumentList.Add("--format=csv,noheader,nounits");
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            return new NvidiaAnswer([], $"there is no {Program} here");
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            try
            {
                // The waiting ends in time whoever holds the other ends of the pipes.
                await Task.WhenAll(output, error, process.WaitForExitAsync(cancellationToken)).WaitAsync(Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is TimeoutException or OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                if (cause is OperationCanceledException)
                    throw;
                return new NvidiaAnswer([], $"{Program} did not answer within {Patience.TotalSeconds:0} s", "The driver hangs; restart the machine.");
            }

            var said = await output.ConfigureAwait(false);
            return process.ExitCode == 0
                ? new NvidiaAnswer([.. said.Split('\n').Select(Parse).OfType<NvidiaGpu>()])
                : new NvidiaAnswer(
                    [],
                    $"{Program} ended with {process.ExitCode}: {(said + await error.ConfigureAwait(false)).Trim().ReplaceLineEndings(" ")}",
                    "Look after the driver; until then runs use the processors.");
        }
    }

    /// <summary>A line such as <c>0, GPU-8932f937-..., NVIDIA H100 80GB HBM3, 81559, 4</c>; memory may be <c>[N/A]</c>.</summary>
    private static NvidiaGpu? Parse(string line) =>
        line.Split(',', StringSplitOptions.TrimEntries) is [var index, var uuid, var name, var total, var used]
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new NvidiaGpu(number, uuid, name, Memory(total), Memory(used))
            : null;

    private static long? Memory(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var mebibytes) ? mebibytes * MiB : null;
}
