namespace Orchestrator.Cli.Projects;

/// <summary>The program and the sweep file of a project that trains with TorchSharp.</summary>
internal static class TorchTemplate
{
    public const string Program =
        """
        using Orchestrator;
        using Orchestrator.Torch;
        using TorchSharp;
        using static TorchSharp.torch;

        // Every verb of the command line, with the trainables of this program. "dotnet run -- --help" lists them.
        return await OrchestratorApp.RunAsync(args, app =>
        {
            app.Services.AddTorch();
            app.Trainables.Add<Spirals>("spirals");
        });

        /// <summary>Tells apart the points of two spirals. Put your own data, model and loss in their place.</summary>
        [Trainable(
            Description = "Tells apart the points of two spirals, with TorchSharp.",
            Parameters = ["hidden", "dropout", "epochs", "batchSize", "optimizer", "learningRate", "momentum", "weightDecay", "schedule"],
            Metrics = ["trainLoss", "trainAccuracy", "valLoss", "valAccuracy", "testLoss", "testAccuracy"])]
        public sealed class Spirals(TorchRun torch) : TorchTrainable(torch) // each run gets an instance of its own
        {
            // What the sweep file leaves out.
            protected override TrainingOptions CreateOptions() => new() { Epochs = 30, BatchSize = 32, Schedule = "cosine", CheckpointEvery = 10 };

            // The same for every run of a process, so made once; validation chooses between runs, the test judges the chosen one.
            protected override TrainingData LoadData() => Torch.Share($"spirals on {Torch.Device}", () =>
                new TrainingData(Train: Points(600, seed: 1), Validation: Points(300, seed: 2), Test: Points(300, seed: 3)));

            // Its first weights follow the run's seed.
            protected override nn.Module<Tensor, Tensor> CreateModel()
            {
                var hidden = Run.Parameters.Get("hidden", 32);
                return nn.Sequential(
                    ("first", nn.Linear(2, hidden)),
                    ("tanh1", nn.Tanh()),
                    ("second", nn.Linear(hidden, hidden)),
                    ("tanh2", nn.Tanh()),
                    ("dropout", nn.Dropout(Run.Parameters.Get("dropout", 0.0))),
                    ("output", nn.Linear(hidden, 2)));
            }

            protected override Tensor Loss(Tensor output, Tensor targets) => nn.functional.cross_entropy(output, targets);

            protected override void Measure(MetricSums sums, Tensor output, Batch batch) =>
                sums.Add("accuracy", output.argmax(1).eq(batch.Targets).sum(), batch.Count);

            private Examples Points(long count, ulong seed)
            {
                using var generator = new Generator(seed);
                var arm = arange(count, dtype: ScalarType.Int64).remainder(2);
                var distance = rand([count], generator: generator);
                var angle = (distance * 2 * Math.PI) + (arm * Math.PI);
                var points = stack([distance * angle.cos(), distance * angle.sin()], 1) + (0.02 * randn([count, 2], generator: generator));
                return new Examples(points.to(Torch.Device), arm.to(Torch.Device));
            }
        }

        """;

    public const string Sweep =
        """
        # One search: dotnet run -- sweep sweep.yaml
        # Look before you leap: dotnet run -- validate sweep.yaml, dotnet run -- plan sweep.yaml
        name: spirals
        trainable: spirals                             # the name in Program.cs
        metric: {name: valAccuracy, goal: maximize}    # what runs are compared by: the last value that a run reports
        method: random                                 # or grid, sobol
        seed: 1

        parameters:
          learningRate: {min: 1.0e-3, max: 0.1, log: true}      # a range, searched by its logarithm
          hidden: [16, 32, 64]                                  # choices
          optimizer: [adam, sgd]
          momentum: {min: 0.5, max: 0.95, when: {optimizer: sgd}}
          epochs: 30                                            # the same for every run

        # replicates: 3                                         # each assignment with three seeds
        # resources: {gpus: auto, runsPerGpu: 2}                # two runs on each GPU where there are any
        limits: {maxRuns: 12}

        """;
}
