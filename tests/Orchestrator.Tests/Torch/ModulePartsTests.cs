using Orchestrator.Torch.State;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Orchestrator.Tests.Torch;

/// <summary>Modules that only look as if all of them were trained and saved.</summary>
[Collection(TorchCollection.Name)]
public sealed class ModulePartsTests
{
    [Fact]
    public void FindProblem_WholeModules_IsNull()
    {
        using var scope = NewDisposeScope();

        Assert.All(
            (nn.Module[])[
                nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), nn.LSTM(2, 2), nn.MultiheadAttention(4, 2),
                nn.Sequential(), nn.Embedding(2, 2), new Holder(registers: true), new Lists(new ModuleList<Linear>(nn.Linear(2, 2))), new WithTeacher(), new Tied()],
            module => Assert.Null(ModuleParts.FindProblem(module)));
    }

    [Theory]
    [InlineData("forgets", "'_layer' of Holder is no part of it. Call RegisterComponents()")]
    [InlineData("forgets, within", "'_layer' of Holder is no part of it. Call RegisterComponents()")]
    [InlineData("bare list", "what is in the ModuleList is no part of it.")]
    [InlineData("list", "what is in '_layers' of Lists is no part of it. Use a ModuleList")]
    [InlineData("array", "what is in '_layers' of Lists is no part of it. Use a ModuleList")]
    [InlineData("dictionary", "what is in '_layers' of Lists is no part of it. Use a ModuleList")]
    [InlineData("tensors", "what is in '_layers' of Lists is no part of it. Use a ModuleList")]
    [InlineData("disposed", "it is disposed.")]
    [InlineData("disposed, within", "its part '0' is disposed.")]
    public void FindProblem_WhatHidesFromIt_IsNamedWithTheRemedy(string what, string expected)
    {
        using var scope = NewDisposeScope();

        Assert.StartsWith(expected, ModuleParts.FindProblem(Of(what)), StringComparison.Ordinal);
    }

    private static nn.Module Of(string what)
    {
        switch (what)
        {
            case "forgets":
                return new Holder(registers: false);
            case "forgets, within":
                return nn.Sequential(nn.Linear(2, 2), new Holder(registers: false));
            case "bare list":
                return new ModuleList<Linear>(nn.Linear(2, 2));
            case "list":
                return new Lists(new List<nn.Module> { nn.Linear(2, 2) });
            case "array":
                return new Lists(new[] { nn.Linear(2, 2) });
            case "dictionary":
                return new Lists(new Dictionary<string, nn.Module> { ["a"] = nn.Linear(2, 2) });
            case "tensors":
                return new Lists(new List<Tensor> { rand(2, requires_grad: true) });
            default:
                var disposed = nn.Linear(2, 2);
                nn.Module module = what == "disposed" ? disposed : nn.Sequential(disposed, nn.Linear(2, 2));
                disposed.Dispose();
                return module;
        }
    }

    /// <summary>As most modules are written; without the last line of its constructor it has no parameters.</summary>
    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _layer = nn.Linear(2, 2);

        public Holder(bool registers)
            : base(nameof(Holder))
        {
            if (registers)
                RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _layer.call(input);
    }

    private sealed class Lists : nn.Module
    {
        private readonly object _layers;
        private readonly ModuleList<Linear>? _list;
        private readonly List<int> _widths = [1, 2];

        public Lists(object layers)
            : base(nameof(Lists))
        {
            (_layers, _list) = (layers, layers as ModuleList<Linear>);
            RegisterComponents();
        }

        public override string ToString() => $"{_layers} {_list} {_widths}";
    }

    /// <summary>What is not trained may hide: a teacher, a mask.</summary>
    private sealed class WithTeacher : nn.Module
    {
        private readonly nn.Module[] _teacher = [nn.Linear(2, 2)];
        private readonly List<Tensor> _masks = [ones(2)];

        public WithTeacher()
            : base(nameof(WithTeacher))
        {
            foreach (var parameter in _teacher[0].parameters())
                parameter.requires_grad = false;
            RegisterComponents();
        }

        public override string ToString() => $"{_teacher} {_masks}";
    }

    /// <summary>A list beside the parts themselves.</summary>
    private sealed class Tied : nn.Module
    {
        private readonly Linear _first = nn.Linear(2, 2);
        private readonly nn.Module[] _all;

        public Tied()
            : base(nameof(Tied))
        {
            _all = [_first];
            RegisterComponents();
        }

        public override string ToString() => $"{_first} {_all}";
    }
}
