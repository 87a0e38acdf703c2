namespace Orchestrator.Cli.Projects;

/// <summary>
/// A program of one's own to begin with: a project file, one trainable that learns something, a sweep file. It runs as it is:
/// <c>dotnet run -- sweep sweep.yaml</c>.
/// </summary>
internal static class ProjectTemplate
{
    /// <summary>The files of a project, by name.</summary>
    /// <param name="name">The project's name, which is also the assembly's.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="torch">Whether its trainable is one with TorchSharp.</param>
    /// <param name="source">Where it finds the libraries.</param>
    public static IReadOnlyDictionary<string, string> Files(string name, string folder, bool torch, LibrarySource source)
    {
        var project = new ProjectFile(source, folder, torch);
        var files = new Dictionary<string, string>
        {
            [$"{name}.csproj"] = project.Text(),
            ["Program.cs"] = torch ? TorchTemplate.Program : Program,
            ["sweep.yaml"] = torch ? TorchTemplate.Sweep : Sweep,
            [".gitignore"] = Ignored,
        };
        if (project.NuGetConfig() is { } config)
            files.Add("nuget.config", config);
        return files;
    }

    /// <summary>Whether a project, and so its assembly, can be called this: letters, digits and <c>. - _</c>, a letter or <c>_</c> first.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && (char.IsLetter(name[0]) || name[0] == '_') && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_') && name[^1] != '.';

    private const string Program =
        """
        using Orchestrator;

        // Every verb of the command line, with the trainables of this program. "dotnet run -- --help" lists them.
        return await OrchestratorApp.RunAsync(args, app => app.Trainables.Add<LineFit>("line-fit"));

        /// <summary>Fits a line to noisy points by gradient descent with momentum. Put your own model in its place.</summary>
        [Trainable(
            Description = "Fits a line to noisy points by gradient descent with momentum.",
            Parameters = ["learningRate", "momentum", "epochs"],
            Metrics = ["loss"])]
        public sealed class LineFit(RunContext run) : ITrainable // each run gets an instance of its own
        {
            public async Task TrainAsync(CancellationToken cancellationToken)
            {
                var learningRate = run.Parameters.Get<double>("learningRate");
                var momentum = run.Parameters.Get("momentum", 0.0);
                var epochs = run.Parameters.Get("epochs", 20);

                var points = Points(new Random((int)run.Seed)); // the run's seed: the same run gives the same result
                double slope = 0, offset = 0, slopeStep = 0, offsetStep = 0;
                for (var epoch = 1; epoch <= epochs; epoch++)
                {
                    double loss = 0, slopeGradient = 0, offsetGradient = 0;
                    foreach (var (x, y) in points)
                    {
                        var error = (slope * x) + offset - y;
                        loss += error * error / points.Length;
                        slopeGradient += 2 * error * x / points.Length;
                        offsetGradient += 2 * error / points.Length;
                    }

                    // What a sweep compares, and what early stopping hears. The token is canceled when the run is to end.
                    await run.ReportAsync(epoch, ("loss", loss), cancellationToken);

                    slopeStep = (momentum * slopeStep) - (learningRate * slopeGradient);
                    offsetStep = (momentum * offsetStep) - (learningRate * offsetGradient);
                    slope += slopeStep;
                    offset += offsetStep;
                }
            }

            /// <summary>y = 3x - 1, and noise.</summary>
            private static (double X, double Y)[] Points(Random random) =>
                [.. Enumerable.Range(0, 200).Select(i => (X: i / 100.0 - 1, Noise: random.NextDouble() - 0.5)).Select(p => (p.X, (3 * p.X) - 1 + (0.2 * p.Noise)))];
        }

        """;

    private const string Sweep =
        """
        # One search: dotnet run -- sweep sweep.yaml
        # Look before you leap: dotnet run -- validate sweep.yaml, dotnet run -- plan sweep.yaml
        name: line-fit
        trainable: line-fit                     # the name in Program.cs
        metric: {name: loss, goal: minimize}    # what runs are compared by: the last value that a run reports
        method: random                          # or grid, sobol
        seed: 1

        parameters:
          learningRate: {min: 1.0e-3, max: 0.5, log: true}   # a range, searched by its logarithm
          momentum: [0.0, 0.5, 0.9]                          # choices
          epochs: 20                                         # the same for every run

        # constraints: ["learningRate * (1 - momentum) <= 0.4"]   # assignments that break one are never run
        # replicates: 3                                           # each assignment with three seeds
        limits: {maxRuns: 12}

        """;

    private const string Ignored =
        """
        bin/
        obj/
        .orchestrator/

        """;
}
