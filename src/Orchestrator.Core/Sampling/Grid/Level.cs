using System.Runtime.InteropServices;
using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>
/// What matters when an axis is about to be chosen: which predicates the choice decides, and what of the earlier choices any later
/// one depends on.
/// </summary>
internal sealed class Level
{
    private readonly List<(ConstraintPredicate Constraint, int[] Values, int[] Activities)> _constraints = [];
    private readonly List<(ExcludePredicate Exclude, int[] Slots)> _excludes = [];
    private readonly List<SpaceCondition> _conditions = [];
    private readonly Dictionary<long[], int> _nodes = new(StateComparer.Instance);

    /// <summary>The predicates that are decided once this axis is chosen.</summary>
    public List<Predicate> Decided { get; } = [];

    /// <summary>Runs of points that nobody tells apart; empty when every point must be looked at.</summary>
    public List<(long Start, long Length)> Segments { get; } = [];

    public static Level[] Plan(SearchSpace space, GridAxis[] axes, IReadOnlyList<Predicate> predicates)
    {
        Dictionary<int, int> depthOf = [];
        for (var depth = 0; depth < axes.Length; depth++)
        {
            foreach (var slot in axes[depth].Members)
                depthOf[slot] = depth;
        }

        var levels = Array.ConvertAll(axes, _ => new Level());
        foreach (var predicate in predicates)
        {
            var (first, last) = (predicate.Slots.Min(s => depthOf[s]), predicate.Slots.Max(s => depthOf[s]));
            levels[last].Decided.Add(predicate);
            for (var depth = first + 1; depth <= last; depth++)
                levels[depth].Await(predicate, s => depthOf[s] < depth);
        }

        for (var depth = 0; depth < axes.Length; depth++)
        {
            foreach (var condition in axes[depth].Members.SelectMany(s => space.Parameters[s].Conditions))
            {
                for (var between = depthOf[condition.Parent] + 1; between <= depth; between++)
                    levels[between].Await(condition);
            }

            levels[depth].Divide(axes[depth], space, axes, predicates);
        }

        return levels;
    }

    /// <summary>Writes down what the later choices depend on.</summary>
    public void ReadState(Candidate candidate, long[] indexOf, List<long> state)
    {
        state.Clear();
        foreach (var condition in _conditions)
            state.Add(condition.Holds(candidate) ? 1 : 0);
        foreach (var (exclude, slots) in _excludes)
            state.Add(Array.TrueForAll(slots, s => exclude.Agrees(candidate, s)) ? 1 : 0);
        foreach (var (_, values, activities) in _constraints)
        {
            // A constraint that is void already is the same whatever made it so.
            var isVoid = !Array.TrueForAll(values, candidate.IsActive);
            foreach (var slot in values)
                state.Add(isVoid ? -1 : indexOf[slot]);
            foreach (var slot in activities)
                state.Add(isVoid ? -1 : candidate.IsActive(slot) ? 1 : 0);
        }
    }

    public bool TryFind(List<long> state, out int node) =>
        _nodes.GetAlternateLookup<ReadOnlySpan<long>>().TryGetValue(CollectionsMarshal.AsSpan(state), out node);

    public void Remember(long[] state, int node) => _nodes.Add(state, node);

    private void Await(Predicate predicate, Func<int, bool> isDecided)
    {
        if (predicate is ExcludePredicate exclude)
        {
            _excludes.Add((exclude, [.. exclude.Slots.Where(isDecided)]));
            return;
        }

        var constraint = (ConstraintPredicate)predicate;
        _constraints.Add((constraint, [.. constraint.ValueSlots.Where(isDecided)],
            [.. constraint.Slots.Except(constraint.ValueSlots).Where(isDecided)]));
    }

    private void Await(SpaceCondition condition)
    {
        // The members of a group share one condition, and so one bit of the state.
        if (!_conditions.Any(c => c.Parent == condition.Parent && c.Values.SequenceEqual(condition.Values)))
            _conditions.Add(condition);
    }

    /// <summary>A parameter that is only asked whether it has certain values falls into those and the gaps between them.</summary>
    private void Divide(GridAxis axis, SearchSpace space, GridAxis[] axes, IReadOnlyList<Predicate> predicates)
    {
        if (axis.Members.Length > 1 || predicates.Any(p => p is ConstraintPredicate c && c.ValueSlots.Contains(axis.Members[0])))
            return;
        var slot = axis.Members[0];
        SortedSet<long> named = [];
        var conditions = axes.SelectMany(a => a.Members).SelectMany(s => space.Parameters[s].Conditions);
        foreach (var condition in conditions.Where(c => c.Parent == slot))
            named.UnionWith(condition.Values.Select(space.Parameters[slot].Domain.IndexOf));
        foreach (var exclude in predicates.OfType<ExcludePredicate>().Where(e => e.Slots.Contains(slot)))
            named.UnionWith(exclude.ValuesOf(slot).Select(space.Parameters[slot].Domain.IndexOf));
        var next = 0L;
        foreach (var index in named.Where(i => i >= 0))
        {
            if (index > next)
                Segments.Add((next, index - next));
            Segments.Add((index, 1));
            next = index + 1;
        }

        if (next < axis.Size)
            Segments.Add((next, axis.Size - next));
    }

    private sealed class StateComparer : IEqualityComparer<long[]>, IAlternateEqualityComparer<ReadOnlySpan<long>, long[]>
    {
        public static readonly StateComparer Instance = new();

        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(long[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<long> alternate, long[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<long> alternate)
        {
            var hash = 0xCBF29CE484222325UL;
            foreach (var item in alternate)
                hash = unchecked(System.Numerics.BitOperations.RotateLeft(hash ^ (ulong)item, 29) * 0x9E3779B97F4A7C15UL);
            return (int)(hash >> 32);
        }

        public long[] Create(ReadOnlySpan<long> alternate) => alternate.ToArray();
    }
}
