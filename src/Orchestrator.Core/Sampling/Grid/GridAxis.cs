using Orchestrator.SearchSpaces;

namespace Orchestrator.Sampling.Grid;

/// <summary>
/// An axis of a grid. Which points it has depends on which of its members are active: none, and it collapses to one point that
/// sets nothing; some of a zip, and points that agree in them are one point.
/// </summary>
internal sealed class GridAxis
{
    private readonly SearchSpace _space;
    private readonly int[] _members;
    private readonly Domain[] _domains;
    private readonly ulong _all;
    private readonly bool _isConditional;

    /// <summary>The distinct points of a zip by its active members.</summary>
    private readonly Dictionary<ulong, long[]?> _projections = [];

    public GridAxis(SearchSpace space, Axis axis)
    {
        (_space, _members, Size) = (space, [.. axis.Members], axis.Size!.Value);
        _domains = Array.ConvertAll(_members, m => space.Parameters[m].Domain);
        _all = _members.Length == 64 ? ulong.MaxValue : (1UL << _members.Length) - 1;
        _isConditional = _members.Any(m => space.Parameters[m].Conditions.Count > 0);
    }

    /// <summary>The number of points with all members active.</summary>
    public long Size { get; }

    /// <summary>The places of its parameters.</summary>
    public int[] Members => _members;

    /// <summary>Finds out which members are active, as a set of bits, and deactivates the others.</summary>
    public ulong Activate(Candidate candidate)
    {
        if (!_isConditional)
            return _all;
        var active = 0UL;
        for (var i = 0; i < _members.Length; i++)
        {
            if (_space.IsActive(_members[i], candidate))
                active |= 1UL << i;
            else
                candidate.Deactivate(_members[i]);
        }

        return active;
    }

    /// <summary>How many points there are with these members active.</summary>
    public long CountOf(ulong active) =>
        active == 0 ? 1 : active == _all ? Size : Projection(active)?.LongLength ?? Size;

    /// <summary>The place of a point in the lists of the members.</summary>
    public long IndexOf(ulong active, long point) =>
        active == 0 || active == _all ? point : Projection(active)?[point] ?? point;

    /// <summary>Sets the active members to a point.</summary>
    public void Assign(ulong active, long point, Candidate candidate)
    {
        var index = IndexOf(active, point);
        for (var i = 0; i < _members.Length; i++)
        {
            if ((active & (1UL << i)) != 0)
                candidate.Set(_members[i], _domains[i].ValueAt(index));
        }
    }

    private long[]? Projection(ulong active)
    {
        lock (_projections)
        {
            if (!_projections.TryGetValue(active, out var points))
                _projections.Add(active, points = Project(active));
            return points;
        }
    }

    /// <summary>The distinct points; <see langword="null"/> for all, which a member without repeated values makes sure of.</summary>
    private long[]? Project(ulong active)
    {
        var domains = _domains.Where((_, i) => (active & (1UL << i)) != 0).ToArray();
        if (domains.Any(d => d.IsDistinct))
            return null;
        HashSet<ParameterValue> seen = [];
        List<long> points = [];
        for (long index = 0; index < Size; index++)
        {
            var tuple = ParameterValue.FromList(domains.Select(d => d.ValueAt(index)));
            if (seen.Add(tuple))
                points.Add(index);
        }

        return [.. points];
    }
}
