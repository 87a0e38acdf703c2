namespace Orchestrator.Execution.Packing;

/// <summary>An amount of something that is divided: processors, or bytes of memory. Pools may draw on the same one.</summary>
/// <param name="capacity">How much there is.</param>
/// <param name="isDeclared">Whether a person said so: such an amount is never exceeded, whoever asks for more workers.</param>
internal sealed class Budget(decimal capacity, bool isDeclared)
{
    private int _users;
    private bool _isTakenAlone;

    public decimal Capacity { get; private set; } = capacity;

    public bool IsDeclared => isDeclared;

    public decimal Free { get; private set; } = capacity;

    /// <summary>As much of <see cref="Free"/> as is kept for somebody who waits for more than there is.</summary>
    public decimal Held { get; set; }

    /// <summary>Whether all of it is kept for a run that is to be alone: then nobody takes even nothing.</summary>
    public bool IsHeldAlone { get; set; }

    /// <summary>Whether so much can be taken now.</summary>
    /// <param name="amount">How much; 0 for a run that only must not disturb one that is alone.</param>
    /// <param name="alone">Whether nobody else may draw on it meanwhile.</param>
    /// <param name="ignoreHeld">Also of what is kept.</param>
    public bool Has(decimal amount, bool alone, bool ignoreHeld) =>
        (alone ? _users == 0 : !_isTakenAlone) && (ignoreHeld ? amount <= Free : !IsHeldAlone && amount <= Math.Max(0, Free - Held));

    public void Take(decimal amount, bool alone)
    {
        Free -= amount;
        _users++;
        _isTakenAlone = alone;
    }

    public void Return(decimal amount)
    {
        Free += amount;
        _users--;
        _isTakenAlone = false; // it was nobody's, or its only user's
    }

    /// <summary>Grows to that much; never shrinks.</summary>
    public void Grow(decimal capacity)
    {
        if (capacity <= Capacity)
            return;
        Free += capacity - Capacity;
        Capacity = capacity;
    }
}
