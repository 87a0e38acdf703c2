using Orchestrator.App.Trainables.Digits;

namespace Orchestrator.Tests.Trainables.Digits;

public class MlpOptionsTests
{
    public static TheoryData<string, string> Mistakes => new()
    {
        { nameof(MlpOptions.Hidden), "hidden must have widths from 1 to 4096, got 0" },
        { nameof(MlpOptions.Activation), "activation must be one of Relu, Tanh, Sigmoid, Gelu, got 9" },
        { nameof(MlpOptions.Optimizer), "optimizer must be one of Sgd, Momentum, Adam, got 9" },
        { nameof(MlpOptions.LearningRate), "learningRate must be positive and finite, got NaN" },
        { nameof(MlpOptions.Momentum), "momentum must be at least 0 and less than 1, got 1" },
        { nameof(MlpOptions.WeightDecay), "weightDecay must be at least 0 and finite, got -0.1" },
        { nameof(MlpOptions.Dropout), "dropout must be at least 0 and less than 1, got NaN" },
        { nameof(MlpOptions.BatchSize), "batchSize must be from 1 to 65536, got 0" },
        { nameof(MlpOptions.Epochs), "epochs must be at least 1, got 0" },
    };

    [Fact]
    public void Validate_Defaults_Pass() => new MlpOptions().Validate();

    [Fact]
    public void Validate_Extremes_Pass() =>
        new MlpOptions { Hidden = [], Momentum = 0, Dropout = 0.99, BatchSize = 65536, Epochs = 1, LearningRate = 1e-9 }.Validate();

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Validate_OneMistake_StatesRuleAndValue(string property, string expected)
    {
        var options = new MlpOptions();
        var broken = Broken();
        typeof(MlpOptions).GetProperty(property)!.SetValue(options, typeof(MlpOptions).GetProperty(property)!.GetValue(broken));
        Assert.Equal(expected, Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public void Validate_ManyMistakes_ReportsAll()
    {
        var lines = Assert.Throws<ArgumentException>(Broken().Validate).Message.Split(Environment.NewLine);
        Assert.Equal(Mistakes.Select(row => row.Data.Item2), lines);
    }

    [Fact]
    public void Validate_TooManyLayers_IsAnError()
    {
        var options = new MlpOptions { Hidden = [.. Enumerable.Repeat(1, 17)] };
        Assert.Equal("hidden must name 0 to 16 layers, got 17", Assert.Throws<ArgumentException>(options.Validate).Message);
    }

    [Fact]
    public void ParseChoice_AnyCase_IsFound() => Assert.Equal(Activation.Gelu, MlpOptions.ParseChoice<Activation>("activation", "gelu"));

    [Theory]
    [InlineData("rleu")]
    [InlineData("1")]
    [InlineData("")]
    public void ParseChoice_Unknown_ListsWhatExists(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => MlpOptions.ParseChoice<Activation>("activation", text));
        Assert.Equal($"activation must be one of relu, tanh, sigmoid, gelu, got '{text}'", error.Message);
    }

    private static MlpOptions Broken() => new()
    {
        Hidden = [8, 0],
        Activation = (Activation)9,
        Optimizer = (OptimizerKind)9,
        LearningRate = double.NaN,
        Momentum = 1,
        WeightDecay = -0.1,
        Dropout = double.NaN,
        BatchSize = 0,
        Epochs = 0,
    };
}
