using System.Globalization;
using Orchestrator.Numerics;

namespace Orchestrator.App.Trainables.Functions;

/// <summary>
/// <c>function</c>: evaluates a test function, to try samplers and the engine with. Parameter <c>function</c> names it (default
/// <c>sphere</c>), <c>sleep</c> waits that many seconds first, <c>failureRate</c> is the chance that an attempt fails; every other
/// numeric parameter is a coordinate, in file order. Reports <c>value</c>.
/// </summary>
[Trainable(Description = "A test function of the other numeric parameters: sphere, branin, hartmann6, ackley, rosenbrock, rastrigin.",
    Metrics = ["value"])]
internal sealed class FunctionTrainable(RunContext run, TimeProvider time) : ITrainable
{
    private static readonly string[] Settings = ["function", "sleep", "failureRate"];

    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        var name = run.Parameters.Get("function", "sphere");
        var (_, least, most, function) = TestFunctions.All.FirstOrDefault(f => f.Name == name) is { Name: not null } found
            ? found
            : throw new ArgumentException($"There is no function '{name}'. There are: {string.Join(", ", TestFunctions.All.Select(f => f.Name))}.");
        var x = run.Parameters.Where(p => p.Value.IsNumber && !Settings.Contains(p.Key)).Select(p => p.Value.AsDouble()).ToArray();
        if (x.Length < least || x.Length > most)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The function '{name}' takes {(least == most ? "" : "at least ")}{least} coordinates; the run has {x.Length} numeric parameters besides {string.Join(", ", Settings)}."));
        }

        var sleep = run.Parameters.Get("sleep", 0.0);
        if (sleep > 0)
            await Task.Delay(TimeSpan.FromSeconds(sleep), time, cancellationToken);

        // Drawn anew for every attempt at every run: a run's seed is the same for all assignments, and a retry may succeed.
        var draw = new SeededRandom(run.Seed, run.Info.Number, run.Info.Attempt).NextDouble();
        if (draw < run.Parameters.Get("failureRate", 0.0))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The run failed on purpose: it drew {draw:F6}."));

        await run.ReportAsync(0, ("value", function(x)), cancellationToken);
    }
}
