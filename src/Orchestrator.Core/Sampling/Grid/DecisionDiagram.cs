namespace Orchestrator.Sampling.Grid;

/// <summary>
/// The valid points of some axes as a decision diagram: a node per axis and per state that the choices so far leave behind, an edge
/// per run of points with the same consequences, on every node the number of ways to go on. So points are counted without being
/// listed, and the n-th is found by one descent. (Knuth, The Art of Computer Programming 4A, 7.1.4, with many-valued choices.)
/// </summary>
internal sealed class DecisionDiagram
{
    /// <summary>The node behind the last axis.</summary>
    public const int End = 0;

    /// <summary>No node: no way to go on.</summary>
    public const int Dead = -1;

    private readonly List<Node> _nodes = [new(0, 0, UInt128.One)];
    private readonly List<Run> _runs = [];

    /// <summary>Where a descent begins.</summary>
    public int Root { get; set; } = Dead;

    /// <summary>The number of ways to go on from a node.</summary>
    public UInt128 Count(int node) => node == Dead ? UInt128.Zero : _nodes[node].Count;

    /// <summary>Whether the node leaves no choice at its axis.</summary>
    public bool IsForced(int node, out Run run)
    {
        run = _runs[_nodes[node].FirstRun];
        return _nodes[node].RunCount == 1 && run.Length == 1;
    }

    /// <summary>The run that the n-th way to go on from a node begins with.</summary>
    public Run Find(int node, UInt128 n)
    {
        var (first, count, _) = _nodes[node];
        var (low, high) = (first, first + count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_runs[middle].Before <= n)
                low = middle;
            else
                high = middle - 1;
        }

        return _runs[low];
    }

    /// <summary>Adds a node with these runs, in order of their points.</summary>
    /// <exception cref="OverflowException">There are more than 2^128 ways to go on.</exception>
    public int Add(IReadOnlyList<(long Start, long Length, int Child)> runs)
    {
        if (runs.Count == 0)
            return Dead;
        var count = UInt128.Zero;
        var first = _runs.Count;
        foreach (var (start, length, child) in runs)
        {
            _runs.Add(new Run(start, length, child, count));
            count = checked(count + ((UInt128)(ulong)length * _nodes[child].Count));
        }

        _nodes.Add(new Node(first, runs.Count, count));
        return _nodes.Count - 1;
    }

    /// <summary>Points of an axis with the same consequences.</summary>
    /// <param name="Start">The first point.</param>
    /// <param name="Length">The number of points.</param>
    /// <param name="Child">The node that each leads to.</param>
    /// <param name="Before">The number of ways to go on from the node with a point of an earlier run.</param>
    internal readonly record struct Run(long Start, long Length, int Child, UInt128 Before);

    private readonly record struct Node(int FirstRun, int RunCount, UInt128 Count);
}
