namespace Orchestrator.Execution.Packing;

/// <summary>An amount of something that is divided: processors, or bytes of memory. Pools may draw on the same one.</summary>
/// <param name="capacity">How much there is.</param>
/// <param name="isDeclared">Whether a person said so: such an amount is never exceeded, whoever asks for more workers.</param>
internal sealed class Budget(long capacity, bool isDeclared)
{
    public long Capacity { get; private set; } = capacity;

    public bool IsDeclared => isDeclared;

    public long Free { get; private set; } = capacity;

    /// <summary>As much of <see cref="Free"/> as is kept for somebody who waits for more than there is.</summary>
    public long Held { get; set; }

    public bool Has(long amount, bool ignoreHeld) => amount <= (ignoreHeld ? Free : Math.Max(0, Free - Held));

    public void Take(long amount) => Free -= amount;

    public void Return(long amount) => Free += amount;

    /// <summary>Grows to that much; never shrinks.</summary>
    public void Grow(long capacity)
    {
        if (capacity <= Capacity)
            return;
        Free += capacity - Capacity;
        Capacity = capacity;
    }
}
