using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>The C# of README.md and docs/torch.md, as it stands there: a test holds it to these lines, another executes them.</summary>
public static class TorchProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
return await OrchestratorApp.RunAsync(args, app =>
{
    app.Services.AddTorch();
    app.Trainables.Add<SumModel>("sum");
});
    }
}

public class SumModel(TorchRun torch) : TorchTrainable(torch)
{
    protected override TrainingData LoadData() => new(Train: Sums(rows: 512, seed: 1), Validation: Sums(rows: 128, seed: 2));

    protected override nn.Module<Tensor, Tensor> CreateModel() => nn.Sequential(
        ("hidden", nn.Linear(10, Run.Parameters.Get("hidden", 64))), ("relu", nn.ReLU()), ("output", nn.Linear(Run.Parameters.Get("hidden", 64), 1)));

    protected override Tensor Loss(Tensor output, Tensor targets) => nn.functional.mse_loss(output, targets);

    private Examples Sums(long rows, ulong seed)
    {
        using var generator = new Generator(seed);
        var inputs = rand([rows, 10], generator: generator).to(Torch.Device);
        return new Examples(inputs, inputs.sum(1, keepdim: true));
    }
}

public sealed class SumLoop(TorchRun torch) : ITrainable
{
    public Task TrainAsync(CancellationToken cancellationToken) => torch.RunAsync(() =>
    {
        var model = torch.Build("model", () => nn.Linear(10, 1));            // weights by the run's seed, on its device, its own
        var optimizer = torch.Register("optimizer", optim.Adam(model.parameters()));
        for (var epoch = torch.Restore() + 1; epoch <= 10; epoch++)          // 1, or after the newest checkpoint
        {
            cancellationToken.ThrowIfCancellationRequested();
            torch.BeginEpoch(epoch);                                         // what an epoch draws depends on seed and epoch only
            using (torch.NewStep())                                          // what a step makes ends with it
            {
                var inputs = rand([64, 10], generator: torch.Generator).to(torch.Device);
                optimizer.zero_grad();
                var loss = nn.functional.mse_loss(model.call(inputs), inputs.sum(1, keepdim: true));
                loss.backward();
                optimizer.step();
                torch.Run.Report(epoch, ("loss", loss.ToDouble()));
            }

            torch.Save(epoch);
        }
    });
}

public sealed class SharingSumModel : SumModel
{
    public SharingSumModel(TorchRun torch)
        : base(torch) => torch.SharesProcess = true;
}
