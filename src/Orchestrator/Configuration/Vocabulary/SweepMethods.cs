using Orchestrator.Sampling;

namespace Orchestrator.Configuration;

/// <summary>
/// The search methods. Whether a method exists and takes an option is for the samplers to say; the schema asks them, too.
/// </summary>
internal static class SweepMethods
{
    public static Shape Shape { get; } = new KindShape("the name of a method, or {type, ...options}")
    {
        Scalar = new TextShape("the name of a method") { Suggested = Samplers.Methods },
        Mapping = new ObjectShape("a mapping {type, ...options}",
        [
            new("type", new TextShape("the name of a method") { Suggested = Samplers.Methods }, "The method's name.") { IsRequired = true },
        ])
        {
            Others = new AnyShape(),
            OthersShown = [.. from method in Samplers.Methods from option in Samplers.OptionsOf(method) select ToKey(method, option)],
        },
    };

    private static KeyInfo ToKey(string method, SamplerOption option) =>
        new(option.Name, ShapeOf(option.Kind), $"{method}: {option.Description}");

    private static Shape ShapeOf(ParameterKind kind) => kind switch
    {
        ParameterKind.Boolean => new BooleanShape(),
        ParameterKind.Integer => new IntegerShape(),
        ParameterKind.Float => new NumberShape(),
        ParameterKind.Text => new TextShape(),
        _ => new AnyShape(),
    };
}
