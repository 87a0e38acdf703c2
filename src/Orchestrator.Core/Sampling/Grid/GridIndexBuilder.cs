using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>Splits the axes of a grid into components and builds their diagrams.</summary>
internal sealed class GridIndexBuilder
{
    /// <summary>The most choices looked at for one component before a constraint is given up as uncountable.</summary>
    private const long FirstCap = 2_000_000;

    private const long LaterCap = 500_000;

    /// <summary>How much of its combinations a constraint is hoped to be spared by others.</summary>
    private const int MostPruned = 20;

    private readonly SearchSpace _space;
    private readonly GridAxis[] _axes;
    private readonly int[] _axisOf;
    private readonly int[] _componentOf;
    private readonly List<DecisionDiagram> _components = [];
    private readonly List<Predicate> _unresolved = [];

    private GridIndexBuilder(SearchSpace space)
    {
        _space = space;
        _axes = Array.ConvertAll(space.Axes, a => new GridAxis(space, a));
        _axisOf = new int[space.Parameters.Count];
        for (var i = 0; i < _axes.Length; i++)
        {
            foreach (var slot in _axes[i].Members)
                _axisOf[slot] = i;
        }

        _componentOf = new int[_axes.Length];
    }

    /// <summary>
    /// The index of a space without continuous axes; <see langword="null"/> when the conditions alone are too entangled.
    /// </summary>
    /// <exception cref="OverflowException">There are more than 2^128 points.</exception>
    public static GridIndex? TryBuild(SearchSpace space)
    {
        var builder = new GridIndexBuilder(space);
        return builder.Split([.. Enumerable.Range(0, builder._axes.Length)], space.Predicates, FirstCap)
            ? new GridIndex(builder._axes, builder._componentOf, [.. builder._components], [.. builder._unresolved])
            : null;
    }

    private bool Split(int[] axes, IReadOnlyList<Predicate> predicates, long cap)
    {
        var sets = new DisjointSets(_axes.Length);
        foreach (var predicate in predicates)
        {
            foreach (var slot in predicate.Slots)
                sets.Join(_axisOf[predicate.Slots[0]], _axisOf[slot]);
        }

        foreach (var axis in axes)
        {
            foreach (var condition in _axes[axis].Members.SelectMany(s => _space.Parameters[s].Conditions))
                sets.Join(axis, _axisOf[condition.Parent]);
        }

        foreach (var component in axes.GroupBy(sets.Find))
        {
            var own = predicates.Where(p => sets.Find(_axisOf[p.Slots[0]]) == component.Key).ToList();
            if (!Build([.. component], own, cap))
                return false;
        }

        return true;
    }

    private bool Build(int[] axes, List<Predicate> predicates, long cap)
    {
        // A constraint must be asked at every combination of its axes that the others leave: far too many need not be tried.
        var mostWidth = Math.Log((double)cap * MostPruned);
        var hopeless = predicates.OfType<ConstraintPredicate>().Where(c => WidthOf(c.ValueSlots) > mostWidth).ToArray();
        if (hopeless.Length > 0)
        {
            _unresolved.AddRange(hopeless);
            return Split(axes, [.. predicates.Except(hopeless)], cap);
        }

        var diagram = new DiagramBuilder(_space, [.. axes.Select(a => _axes[a])], predicates, cap).TryBuild();
        if (diagram is not null)
        {
            foreach (var axis in axes)
                _componentOf[axis] = _components.Count;
            _components.Add(diagram);
            return true;
        }

        if (predicates.Count == 0)
            return false;

        // The one over the largest part of the grid is the least likely ever to be countable.
        var widest = predicates.MaxBy(p => WidthOf(p.Slots))!;
        _unresolved.Add(widest);
        return Split(axes, [.. predicates.Where(p => p != widest)], LaterCap);
    }

    /// <summary>The logarithm of the number of combinations of the parameters' axes.</summary>
    private double WidthOf(IEnumerable<int> slots) => slots.Select(s => _axisOf[s]).Distinct().Sum(a => Math.Log(_axes[a].Size));
}
