namespace Orchestrator.Configuration;

/// <summary>The search methods, as the schema shows them. Whether a method exists and takes an option is the sampler factory's to say.</summary>
internal static class SweepMethods
{
    public static IReadOnlyList<string> Names { get; } = ["grid", "random", "sobol"];

    public static Shape Shape { get; } = new KindShape("the name of a method, or {type, ...options}")
    {
        Scalar = new TextShape("the name of a method"),
        Mapping = new ObjectShape("a mapping {type, ...options}",
            [new("type", new TextShape("the name of a method"), "The method's name.") { IsRequired = true }]) { Others = new AnyShape() },
    };
}
