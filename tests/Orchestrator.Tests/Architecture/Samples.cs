// One of each kind of member, to read the dump of the public surface by. Never used.
#pragma warning disable CA1815, CA1819, CA1040, CA1051, CA1063, CA1816, CA1000, CA1002, CA1003, CA1710, CS0067, CS0414
namespace Orchestrator.Tests.Architecture.Samples;

public abstract class Sample<T>(T first, string? name = "x") : IDisposable
    where T : class
{
    public const int Limit = 3;

    internal T First { get; } = first;

    public event EventHandler? Changed;

    public required string Name { get; init; } = name ?? "";

    public int? this[string key] => key.Length;

    public static (int Count, string Text) Pair<TItem>(params TItem[] values) => (values.Length, "");

    public void Dispose() => Changed = null;

    public override string ToString() => Name;

    protected abstract Task<string?> LoadAsync(IReadOnlyList<T?> items, out int count);
}

public sealed record SampleRecord(int Number);

public delegate string? SampleDelegate(object? sender, DayOfWeek day = DayOfWeek.Monday);
