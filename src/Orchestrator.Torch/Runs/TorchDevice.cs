using Microsoft.Extensions.Logging;
using Orchestrator.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.Runs;

/// <summary>The device of a slot as TorchSharp's.</summary>
internal static partial class TorchDevice
{
    /// <summary>The device of a run; where it is a pretended GPU, the processor, which the run's log says.</summary>
    public static Device Of(RunContext run)
    {
        var device = Of(run.Device, Environment.GetEnvironmentVariable(RunGrant.GpusVariable) == RunGrant.PretendedGpus);
        if (device.type == DeviceType.CPU && run.Device != "cpu")
            LogPretended(run.Logger, run.Device);
        return device;
    }

    /// <param name="name"><c>cpu</c>, <c>cuda:1</c>, or several (<c>cuda:0,1</c>), of which the first is meant.</param>
    /// <param name="arePretended">Whether the GPUs were only said to be there: then the processor stands in for one.</param>
    /// <exception cref="InvalidOperationException">TorchSharp cannot use the device; the message says why and what to do.</exception>
    public static Device Of(string name, bool arePretended = false)
    {
        var first = name.Split(',')[0];
        if (first == "cpu")
            return CPU;
        if (!first.StartsWith("cuda", StringComparison.Ordinal))
            throw new InvalidOperationException($"The run was given the device '{name}'; TorchSharp runs on cpu and cuda.");
        if (!cuda.is_available() && arePretended)
            return CPU;
        if (!cuda.is_available())
            throw new InvalidOperationException(
                $"The run was given the device '{name}', and TorchSharp finds no CUDA device: build with -p:TorchBackend=cuda, look at 'doctor', or give runs none (--gpus none).");
        return new Device(first);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The device {Device} is pretended: the run uses the processor instead.")]
    private static partial void LogPretended(ILogger logger, string device);
}
