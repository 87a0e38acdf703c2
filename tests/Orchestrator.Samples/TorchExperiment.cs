using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Samples;

/// <summary>An experiment without a host whose model is TorchSharp's: nothing makes its objects known but that the program refers to Orchestrator.Torch.</summary>
internal static class TorchExperiment
{
    private sealed record Config(double LearningRate = 0.1);

    /// <summary>Trains three steps, saves after each and fails; resumed, it says where it went on and how large its weights were there.</summary>
    public static async Task<int> RunAsync(bool resume)
    {
        await using var experiment = new Experiment<Config>(new Config(), new ExperimentOptions { Name = "torch" });
        experiment.Trackers.Remove("console");
        await using var run = await experiment.StartRunAsync(new RunOptions { Id = "mine", Resume = resume });
        var model = new Model();
        var optimizer = optim.SGD(model.parameters(), 0.1, momentum: 0.9);
        run.Register("model", model);
        run.Register("optimizer", optimizer);
        var from = await run.Checkpoints.RestoreAsync();
        Console.WriteLine(FormattableString.Invariant($"from {from}: {Sum(model):R}"));
        for (var step = from + 1; step <= from + 3; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = (model.call(ones(1, 2)) - 1).square().sum();
            loss.backward();
            optimizer.step();
            run.Report(step, ("loss", loss.ToDouble()));
            run.Checkpoints.Save(step);
        }

        Console.WriteLine(FormattableString.Invariant($"to {from + 3}: {Sum(model):R}"));
        run.Fail(new InvalidOperationException("on purpose"));
        return 0;
    }

    private static float Sum(Model model)
    {
        using var scope = NewDisposeScope();
        return model.parameters().Select(p => p.sum().ToSingle()).Sum();
    }

    private sealed class Model : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _layer = nn.Linear(2, 1);

        public Model()
            : base(nameof(Model)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _layer.call(input);
    }
}
