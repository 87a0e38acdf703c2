namespace Orchestrator;

/// <summary>
/// Says what runs need: on a trainable, those of this trainable; on a service, those of every trainable that takes it in its constructor.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class RequiresAttribute : Attribute
{
    private protected RequiresAttribute()
    {
    }

    internal abstract RunRequirement Create();
}

/// <inheritdoc/>
/// <typeparam name="T">The requirement.</typeparam>
public sealed class RequiresAttribute<T> : RequiresAttribute
    where T : RunRequirement, new()
{
    internal override RunRequirement Create() => new T();
}
