using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>
/// Builds the diagram of one component by depth-first search. Two partial choices that leave the same state lead to the same node,
/// so that a chain of constraints costs the sum of its links and not their product; an axis that nobody names is one edge.
/// </summary>
internal sealed class DiagramBuilder
{
    /// <summary>A state takes some 150 bytes: this keeps an attempt that is given up in the end below 60 MB.</summary>
    private const int MostStates = 400_000;

    private readonly GridAxis[] _axes;
    private readonly Level[] _levels;
    private readonly Candidate _candidate;
    private readonly long[] _indexOf;
    private readonly DecisionDiagram _diagram = new();
    private readonly List<long> _state = [];
    private readonly List<(long Start, long Length)>[] _segments;
    private readonly long _cap;

    private long _explored;
    private long _states;

    public DiagramBuilder(SearchSpace space, GridAxis[] axes, IReadOnlyList<Predicate> predicates, long cap)
    {
        (_axes, _cap) = (axes, cap);
        _candidate = new Candidate(space.Parameters.Count);
        _indexOf = new long[space.Parameters.Count];
        _levels = Level.Plan(space, axes, predicates);
        _segments = Array.ConvertAll(_levels, l => l.Segments);
    }

    private bool IsTooMuch => _explored > _cap || _states > MostStates;

    /// <summary>The diagram, or <see langword="null"/> when it would take more than the cap.</summary>
    /// <exception cref="OverflowException">There are more than 2^128 points.</exception>
    public DecisionDiagram? TryBuild()
    {
        _diagram.Root = Visit(0);
        return IsTooMuch ? null : _diagram;
    }

    private int Visit(int depth)
    {
        if (depth == _axes.Length)
            return DecisionDiagram.End;
        var level = _levels[depth];
        level.ReadState(_candidate, _indexOf, _state);
        if (level.TryFind(_state, out var known))
            return known;
        var key = _state.ToArray();
        _states++;
        var axis = _axes[depth];
        var active = axis.Activate(_candidate);
        List<(long Start, long Length, int Child)> runs = [];
        if (active != 0 && axis.CountOf(active) == axis.Size && _segments[depth].Count > 0)
        {
            foreach (var (start, length) in _segments[depth])
                Try(depth, active, start, length, runs);
        }
        else
        {
            var count = axis.CountOf(active);
            for (var point = 0L; point < count && !IsTooMuch; point++)
                Try(depth, active, point, 1, runs);
        }

        var node = IsTooMuch ? DecisionDiagram.Dead : _diagram.Add(runs);
        level.Remember(key, node);
        return node;
    }

    private void Try(int depth, ulong active, long point, long length, List<(long Start, long Length, int Child)> runs)
    {
        _explored++;
        var axis = _axes[depth];
        axis.Assign(active, point, _candidate);
        var index = axis.IndexOf(active, point);
        foreach (var slot in axis.Members)
            _indexOf[slot] = index;
        foreach (var predicate in _levels[depth].Decided)
        {
            if (!predicate.Holds(_candidate))
                return;
        }

        var child = Visit(depth + 1);
        if (child == DecisionDiagram.Dead)
            return;
        if (runs.Count > 0 && runs[^1] is var last && last.Child == child && last.Start + last.Length == point)
            runs[^1] = last with { Length = last.Length + length };
        else
            runs.Add((point, length, child));
    }
}
