using Orchestrator.Torch;
using static TorchSharp.torch;

namespace Orchestrator.EndToEnd.Torch;

/// <summary>Ends as it is told to.</summary>
public sealed class Aborts(TorchRun torch) : ITrainable
{
    public Task TrainAsync(CancellationToken cancellationToken) => torch.RunAsync(() =>
    {
        switch (torch.Run.Parameters.Get<string>("how"))
        {
            case "abort":
                set_num_threads(0);
                break;
            case "shape":
                zeros(2, 3).mm(zeros(4, 5));
                break;
            case "matmul":
                zeros(2, 3).matmul(zeros(4, 5));
                break;
            case "memory":
                zeros(1L << 50);
                break;
        }

        torch.Run.Report(1, ("loss", ones(1).item<float>()));
    });
}
