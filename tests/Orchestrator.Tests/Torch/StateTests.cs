using Orchestrator.Torch.State;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace Orchestrator.Tests.Torch;

/// <summary>Saved, put into an object made anew, and gone on with: bit for bit what would have been without.</summary>
[Collection(TorchCollection.Name)]
public sealed class StateTests
{
    private const double Rate = 0.05;

    public static TheoryData<string> Optimizers => ["adam", "amsgrad", "adamw", "sgd", "momentum", "nesterov", "rmsprop", "centered", "adagrad", "adadelta", "adamax", "nadam", "radam", "asgd", "rprop"];

    public static TheoryData<string> Schedules => ["step", "multistep", "exponential", "cosine", "linear", "constant", "polynomial", "lambda", "multiplicative", "plateau", "cyclic", "onecycle", "sequential"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Optimizer_SavedAndLoaded_GoesOnTheSame(string name)
    {
        using var scope = NewDisposeScope();
        var (first, optimizer) = Make(name);
        Steps(first, optimizer, 0, 5);
        optimizer.ParamGroups.First().LearningRate = 0.011; // as a schedule does
        var (model, moments) = (Save(new ModuleState(), first), Save(new OptimizerState(), optimizer));
        Steps(first, optimizer, 5, 5);

        var (second, other) = Make(name);
        Load(new ModuleState(), second, model);
        Load(new OptimizerState(), other, moments);
        Steps(second, other, 5, 5);

        Assert.Equal(Weights(first), Weights(second));
        Assert.Equal(optimizer.ParamGroups.First().LearningRate, other.ParamGroups.First().LearningRate);
        Assert.Equal(Save(new OptimizerState(), optimizer), Save(new OptimizerState(), other));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Schedule_SavedAndLoaded_GoesOnTheSame(string name)
    {
        using var scope = NewDisposeScope();
        var (_, optimizer) = Make("sgd");
        var schedule = Schedule(name, optimizer);
        _ = Steps(schedule, 0, 7).Count();
        var (position, rates) = (Save(new ScheduleState(), schedule), Save(new OptimizerState(), optimizer));
        var expected = Steps(schedule, 7, 9).Select(_ => optimizer.ParamGroups.First().LearningRate).ToArray();

        var (_, other) = Make("sgd");
        var anew = Schedule(name, other);
        Load(new OptimizerState(), other, rates);
        Load(new ScheduleState(), anew, position);
        var actual = Steps(anew, 7, 9).Select(_ => other.ParamGroups.First().LearningRate).ToArray();

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Generator_SavedAndLoaded_DrawsTheSame()
    {
        using var scope = NewDisposeScope();
        using var first = new Generator(3);
        using var second = new Generator(4);
        rand([5], generator: first);
        var state = Save(new GeneratorAdapter(), first);
        var expected = rand([8], generator: first).data<float>().ToArray();

        Load(new GeneratorAdapter(), second, state);

        Assert.Equal(expected, rand([8], generator: second).data<float>().ToArray());
    }

    [Fact]
    public void Generator_StateOfTheWrongSize_IsRefused()
    {
        using var generator = new Generator(3);

        Assert.Throws<EndOfStreamException>(() => Load(new GeneratorAdapter(), generator, new byte[100]));
    }

    [Fact]
    public void Module_OfAnotherShape_SaysWhatDiffers()
    {
        using var scope = NewDisposeScope();
        using var narrow = nn.Sequential(("a", nn.Linear(2, 3)));
        using var wide = nn.Sequential(("a", nn.Linear(2, 4)));

        var cause = Assert.Throws<InvalidDataException>(() => Load(new ModuleState(), wide, Save(new ModuleState(), narrow)));

        Assert.Equal("'a.weight' is Float32 of [4, 2]; saved was Float32 of [3, 2]. The model must be the same.", cause.Message);
    }

    [Fact]
    public void Module_WithBuffers_KeepsThem()
    {
        using var scope = NewDisposeScope();
        using var first = nn.BatchNorm1d(2);
        using var second = nn.BatchNorm1d(2);
        first.call(rand(8, 2));

        Load(new ModuleState(), second, Save(new ModuleState(), first));

        Assert.Equal(first.running_mean!.data<float>().ToArray(), second.running_mean!.data<float>().ToArray());
    }

    [Fact]
    public void Tensor_NotContiguous_IsSavedAndLoadedByItsElements()
    {
        using var scope = NewDisposeScope();
        var first = arange(6, dtype: ScalarType.Float32).reshape(2, 3).t();
        var second = zeros(2, 3).t();

        Load(new TensorAdapter(), second, Save(new TensorAdapter(), first));

        Assert.True(first.equal(second).all().item<bool>());
    }

    [Fact]
    public void StorageIdentity_OfSharedMemory_IsTheSame()
    {
        using var scope = NewDisposeScope();
        var first = ones(4);
        var alias = first.detach();

        Assert.Same(StorageIdentity.Of(first), StorageIdentity.Of(alias));
        Assert.NotSame(StorageIdentity.Of(first), StorageIdentity.Of(ones(4)));
    }

    [Fact]
    public void StorageIdentity_OfMemoryGivenBack_IsNobodys()
    {
        using var scope = NewDisposeScope();
        var first = ones(4);
        var alias = first.detach();
        var before = StorageIdentity.Of(first);
        first.Dispose();

        Assert.NotSame(before, StorageIdentity.Of(alias)); // as if another's tensor had got the address
    }

    private static (nn.Module<Tensor, Tensor> Model, Optimizer Optimizer) Make(string name)
    {
        using var seeded = random.manual_seed(1);
        var model = nn.Sequential(("a", nn.Linear(3, 4)), ("b", nn.Linear(4, 1)));
        var parameters = model.parameters();
        return (model, name switch
        {
            "adam" => Adam(parameters, Rate),
            "amsgrad" => Adam(parameters, Rate, amsgrad: true),
            "adamw" => AdamW(parameters, Rate, weight_decay: 0.1),
            "sgd" => SGD(parameters, Rate),
            "momentum" => SGD(parameters, Rate, 0.9),
            "nesterov" => SGD(parameters, Rate, 0.9, nesterov: true),
            "rmsprop" => RMSProp(parameters, Rate, momentum: 0.9),
            "centered" => RMSProp(parameters, Rate, centered: true),
            "adagrad" => Adagrad(parameters, Rate, lr_decay: 0.1),
            "adadelta" => Adadelta(parameters, Rate),
            "adamax" => Adamax(parameters, Rate),
            "nadam" => NAdam(parameters, Rate),
            "radam" => RAdam(parameters, Rate),
            "asgd" => ASGD(parameters, Rate),
            "rprop" => Rprop(parameters, Rate),
            _ => throw new ArgumentException(name),
        });
    }

    private static lr_scheduler.LRScheduler Schedule(string name, Optimizer optimizer) => name switch
    {
        "step" => lr_scheduler.StepLR(optimizer, 4),
        "multistep" => lr_scheduler.MultiStepLR(optimizer, [3, 9], 0.5),
        "exponential" => lr_scheduler.ExponentialLR(optimizer, 0.9),
        "cosine" => lr_scheduler.CosineAnnealingLR(optimizer, 20),
        "linear" => lr_scheduler.LinearLR(optimizer, 0.2, 1, 12),
        "constant" => lr_scheduler.ConstantLR(optimizer, 0.3, 10),
        "polynomial" => lr_scheduler.PolynomialLR(optimizer, 20, 2),
        "lambda" => lr_scheduler.LambdaLR(optimizer, epoch => 1.0 / (epoch + 1)),
        "multiplicative" => lr_scheduler.MultiplicativeLR(optimizer, _ => 0.95),
        "plateau" => lr_scheduler.ReduceLROnPlateau(optimizer, patience: 2),
        "cyclic" => lr_scheduler.CyclicLR(optimizer, 0.001, 0.1, step_size_up: 5, cycle_momentum: false),
        "onecycle" => lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps: 30, cycle_momentum: false),
        "sequential" => lr_scheduler.SequentialLR(optimizer, [lr_scheduler.LinearLR(optimizer, 0.2, 1, 4), lr_scheduler.ExponentialLR(optimizer, 0.9)], [9]),
        _ => throw new ArgumentException(name),
    };

    private static void Steps(nn.Module<Tensor, Tensor> model, Optimizer optimizer, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)i);
            var x = randn([8, 3], generator: generator);
            optimizer.zero_grad();
            nn.functional.mse_loss(model.call(x), x.sum(1, keepdim: true)).backward();
            optimizer.step();
        }
    }

    private static IEnumerable<int> Steps(lr_scheduler.LRScheduler schedule, int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            schedule.step(1.0 + (i % 4)); // what a plateau waits for
            yield return i;
        }
    }

    private static byte[] Save(StateAdapter adapter, object target)
    {
        using var stream = new MemoryStream();
        adapter.SaveState(target, stream);
        return stream.ToArray();
    }

    private static void Load(StateAdapter adapter, object target, byte[] state)
    {
        using var stream = new MemoryStream(state);
        adapter.LoadState(target, stream);
        Assert.Equal(stream.Length, stream.Position);
    }

    private static float[] Weights(nn.Module module) => [.. module.parameters().SelectMany(p => p.data<float>().ToArray())];
}
