using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>
/// The points of a grid, counted and found by number without being listed: the axes fall into components that have no condition,
/// constraint or exclusion in common; each component is a <see cref="DecisionDiagram"/>. The order is that of the axes, the last
/// one fastest. Immutable.
/// </summary>
internal sealed class GridIndex
{
    private readonly GridAxis[] _axes;
    private readonly int[] _componentOf;
    private readonly DecisionDiagram[] _components;

    internal GridIndex(GridAxis[] axes, int[] componentOf, DecisionDiagram[] components, Predicate[] unresolved)
    {
        (_axes, _componentOf, _components, Unresolved) = (axes, componentOf, components, unresolved);
        var count = UInt128.One;
        if (components.Any(c => c.Count(c.Root) == 0))
            count = 0; // before the others are multiplied: nothing overflows when there is nothing
        else
            count = components.Aggregate(count, (product, c) => checked(product * c.Count(c.Root)));
        Count = count;
    }

    /// <summary>The number of points; of those that satisfy all but <see cref="Unresolved"/>.</summary>
    public UInt128 Count { get; }

    /// <summary>Constraints that tie together too much to be counted: whoever walks the grid asks them point by point.</summary>
    public IReadOnlyList<Predicate> Unresolved { get; }

    /// <summary>Sets the candidate to the point of a number below <see cref="Count"/>.</summary>
    public void Decode(UInt128 number, Candidate candidate, int[] nodes)
    {
        for (var i = 0; i < _components.Length; i++)
            nodes[i] = _components[i].Root;
        var remaining = Count;
        for (var i = 0; i < _axes.Length; i++)
        {
            var component = _componentOf[i];
            var diagram = _components[component];
            var active = _axes[i].Activate(candidate);
            if (diagram.IsForced(nodes[component], out var run))
            {
                _axes[i].Assign(active, run.Start, candidate);
                nodes[component] = run.Child;
                continue;
            }

            // Every choice here stands for as many points as the other components have left, times what follows it in its own.
            var others = remaining / diagram.Count(nodes[component]);
            var within = number / others;
            run = diagram.Find(nodes[component], within);
            var share = diagram.Count(run.Child);
            var point = (within - run.Before) / share;
            _axes[i].Assign(active, run.Start + (long)point, candidate);
            number -= (run.Before + (point * share)) * others;
            remaining = others * share;
            nodes[component] = run.Child;
        }
    }

    /// <summary>Space for a descent.</summary>
    public int[] NewNodes() => new int[_components.Length];
}
