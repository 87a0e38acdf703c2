using System.Diagnostics;
using System.Runtime.CompilerServices;
using Orchestrator.App.Trainables.Digits;
using Orchestrator.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Benchmarks.Scenarios.Torch;

/// <summary>
/// What <c>torch-digits</c> does with the parameters of <see cref="TorchOverhead"/>, as a person writes it in a program of its own: the same model, batches,
/// optimizer, schedule and measurements, a scope per step, one thread; nothing of this product but the digits.
/// </summary>
internal static class BareLoop
{
    public const int Hidden = 128;
    public const int BatchSize = 64;
    public const double Dropout = 0.2;
    public const double LearningRate = 0.01;

    public static void Prepare()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(TorchRun).Module.ModuleHandle); // where the native library does not load by itself, it sees to that
        InitializeDeviceType(DeviceType.CPU);
        set_num_threads(1);
    }

    public static int StepsOf(DigitsData data, int epochs) => (data.Train.Count + BatchSize - 1) / BatchSize * epochs;

    /// <returns>How long it took, in seconds.</returns>
    public static double Train(DigitsData data, int epochs, int seed)
    {
        var begun = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        random.manual_seed(seed);
        var shuffle = new Random(seed);
        var (x, y) = Load(data.Train);
        var validation = Load(data.Validation);
        var test = Load(data.Test);
        using var model = nn.Sequential(
            ("hidden", nn.Linear(DigitsData.PixelCount, Hidden)),
            ("activation", nn.ReLU()),
            ("dropout", nn.Dropout(Dropout)),
            ("output", nn.Linear(Hidden, DigitsData.ClassCount)));
        using var optimizer = optim.Adam(model.parameters(), LearningRate);
        var schedule = optim.lr_scheduler.LambdaLR(optimizer, epoch => 0.5 * (1 + Math.Cos(Math.PI * epoch / epochs)));
        var order = Enumerable.Range(0, data.Train.Count).Select(i => (long)i).ToArray();
        var said = 0.0;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            using var inEpoch = NewDisposeScope();
            model.train();
            shuffle.Shuffle(order);
            var rows = tensor(order);
            var (loss, right) = (0.0, 0L);
            for (var start = 0; start < order.Length; start += BatchSize)
            {
                using var step = NewDisposeScope();
                var batch = rows.narrow(0, start, Math.Min(BatchSize, order.Length - start));
                var targets = y.index_select(0, batch);
                optimizer.zero_grad();
                var output = model.call(x.index_select(0, batch));
                var mean = nn.functional.cross_entropy(output, targets);
                mean.backward();
                optimizer.step();
                loss += mean.item<float>() * batch.shape[0];
                right += output.argmax(1).eq(targets).sum().item<long>();
            }

            said += loss + right + Evaluate(model, validation);
            schedule.step();
        }

        said += Evaluate(model, test);
        GC.KeepAlive(said);
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static double Evaluate(nn.Module<Tensor, Tensor> model, (Tensor X, Tensor Y) examples)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        model.eval();
        var output = model.call(examples.X);
        return nn.functional.cross_entropy(output, examples.Y).item<float>() + output.argmax(1).eq(examples.Y).sum().item<long>();
    }

    private static (Tensor X, Tensor Y) Load(ExampleSet set)
    {
        long[] labels = [.. set.Labels.ToArray().Select(label => (long)label)];
        return (tensor(set.Features.ToArray(), set.Count, DigitsData.PixelCount), tensor(labels));
    }
}
