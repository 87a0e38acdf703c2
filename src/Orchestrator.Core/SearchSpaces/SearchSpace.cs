using System.Collections.Concurrent;
using Orchestrator.Numerics;
using Orchestrator.Sampling;

namespace Orchestrator.SearchSpaces;

/// <summary>
/// A checked search space: nested groups flattened, zips joined into axes, conditions ordered (parents before children, else in
/// file order), excludes and constraints compiled. Immutable and safe for concurrent use.
/// </summary>
public sealed class SearchSpace
{
    private const int MostCachedShapes = 10_000;

    private readonly SpaceParameter[] _parameters;
    private readonly ComputedParameter[] _computed;
    private readonly string[] _allNames;
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ulong, string[]> _namesOfShape = [];

    internal SearchSpace(SpaceParameter[] parameters, Axis[] axes, IReadOnlyList<Predicate> predicates, ComputedParameter[] computed)
    {
        (_parameters, Axes, Predicates, _computed) = (parameters, axes, [.. predicates], computed);
        _allNames = [.. parameters.Select(p => p.Name)];
        for (var i = 0; i < _allNames.Length; i++)
            _slots.Add(_allNames[i], i);
    }

    /// <summary>All parameters, those of groups among them: in file order, but each after the ones it depends on.</summary>
    internal IReadOnlyList<SpaceParameter> Parameters => _parameters;

    /// <summary>The directions of the space, each after those it depends on.</summary>
    internal Axis[] Axes { get; }

    /// <summary>What every assignment must satisfy beside domains and conditions.</summary>
    internal Predicate[] Predicates { get; }

    /// <summary>The space of a definition.</summary>
    /// <exception cref="InvalidDefinitionException">The definition has mistakes; all are listed.</exception>
    public static SearchSpace Create(SearchSpaceDefinition definition) =>
        TryCreate(definition, out var problems) ?? throw new InvalidDefinitionException(problems);

    /// <summary>The space of a definition, or <see langword="null"/> and every mistake in it (warnings also come with a space).</summary>
    public static SearchSpace? TryCreate(SearchSpaceDefinition definition, out IReadOnlyList<DefinitionProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var builder = new SpaceBuilder();
        var space = builder.TryBuild(definition);
        problems = builder.Problems;
        return space;
    }

    /// <summary>The parameter of a full name, if there is one.</summary>
    internal SpaceParameter? Find(string name) => _slots.TryGetValue(name, out var slot) ? _parameters[slot] : null;

    /// <summary>
    /// Whether the assignment names exactly the parameters that are active under it, each with a value of its domain (zipped ones
    /// in step). Constraints and exclusions are not asked.
    /// </summary>
    public bool Contains(ParameterSet assignment) => TryLoad(assignment, new Candidate(_parameters.Length));

    /// <summary>Whether the space <see cref="Contains"/> the assignment, it satisfies all constraints and is not excluded.</summary>
    public bool IsValid(ParameterSet assignment)
    {
        var candidate = new Candidate(_parameters.Length);
        return TryLoad(assignment, candidate) && Satisfies(candidate);
    }

    /// <summary>
    /// An assignment that has the given values; the others are drawn by their laws, conditioned on the constraints and on that
    /// all given parameters are active.
    /// </summary>
    /// <param name="partial">Values by full name; empty for an independent draw of everything.</param>
    /// <param name="random">The source of the draws.</param>
    /// <param name="cancellationToken">Ends a long search.</param>
    /// <exception cref="ArgumentException">A name is unknown, or a value is not in its parameter's domain.</exception>
    /// <exception cref="SamplingException">Out of 10^6 draws in a row none was valid.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public ParameterSet Complete(
        IReadOnlyDictionary<string, ParameterValue> partial, SeededRandom random, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partial);
        ArgumentNullException.ThrowIfNull(random);
        return new Draw(this, PartialAssignment.Create(this, partial)).Next(random, cancellationToken);
    }

    /// <summary>Whether the parameter is active; the ones it depends on are decided.</summary>
    internal bool IsActive(int slot, Candidate candidate)
    {
        var conditions = _parameters[slot].Conditions;
        for (var i = 0; i < conditions.Count; i++)
        {
            if (!conditions[i].Holds(candidate))
                return false;
        }

        return true;
    }

    /// <summary>Whether a complete assignment breaks nothing.</summary>
    internal bool Satisfies(Candidate candidate)
    {
        foreach (var predicate in Predicates)
        {
            if (!predicate.Holds(candidate))
                return false;
        }

        return true;
    }

    /// <summary>Fills the candidate; <see langword="false"/> when the assignment is not one of this space.</summary>
    internal bool TryLoad(ParameterSet assignment, Candidate candidate)
    {
        var active = 0;
        foreach (var parameter in _parameters)
        {
            candidate.Deactivate(parameter.Index);
            if (!IsActive(parameter.Index, candidate))
                continue;
            if (!assignment.TryGetValue(parameter.Name, out var value) || !parameter.Domain.TryNormalize(value, out var own))
                return false;
            candidate.Set(parameter.Index, own);
            active++;
        }

        return active == assignment.Count - _computed.Count(c => assignment.Contains(c.Name)) && Array.TrueForAll(Axes, a => !a.IsZip || HasPoint(a, candidate));
    }

    /// <summary>The candidate as a set; sets of the same shape share their names.</summary>
    internal ParameterSet ToSet(Candidate candidate)
    {
        var (count, shape) = (0, 0UL);
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (!candidate.IsActive(i))
                continue;
            count++;
            shape |= 1UL << (i & 63);
        }

        var values = new ParameterValue[count];
        for (var (i, j) = (0, 0); i < _parameters.Length; i++)
        {
            if (candidate.IsActive(i))
                values[j++] = candidate[i];
        }

        var names = NamesOf(candidate, count, shape);
        return _computed.Length == 0 ? new ParameterSet(names, values) : WithComputed(candidate, names, values);
    }

    private ParameterSet WithComputed(Candidate candidate, string[] names, ParameterValue[] values)
    {
        var (allNames, allValues) = (names.ToList(), values.ToList());
        foreach (var computed in _computed)
        {
            if (computed.ValueIn(candidate) is not { } value)
                continue;
            allNames.Add(computed.Name);
            allValues.Add(value);
        }

        return new ParameterSet([.. allNames], [.. allValues]);
    }

    /// <summary>Whether some point of the zip agrees with all of its active members.</summary>
    internal bool HasPoint(Axis zip, Candidate candidate)
    {
        foreach (var slot in zip.Members)
        {
            // Ranges may be long, and only lists repeat values: one member without repeats points to the only candidate.
            if (candidate.IsActive(slot) && _parameters[slot].Domain is { IsDistinct: true } domain)
                return domain.IndexOf(candidate[slot]) is var only and >= 0 && Agrees(zip, only, candidate);
        }

        for (long point = 0; point < zip.Size; point++)
        {
            if (Agrees(zip, point, candidate))
                return true;
        }

        return false;
    }

    private bool Agrees(Axis zip, long point, Candidate candidate)
    {
        foreach (var slot in zip.Members)
        {
            if (candidate.IsActive(slot) && _parameters[slot].Domain.ValueAt(point) != candidate[slot])
                return false;
        }

        return true;
    }

    private string[] NamesOf(Candidate candidate, int count, ulong shape)
    {
        if (count == _parameters.Length)
            return _allNames;
        var cached = _parameters.Length <= 64;
        if (cached && _namesOfShape.TryGetValue(shape, out var names))
            return names;
        names = [.. _parameters.Where(p => candidate.IsActive(p.Index)).Select(p => p.Name)];
        if (cached && _namesOfShape.Count < MostCachedShapes)
            names = _namesOfShape.GetOrAdd(shape, names);
        return names;
    }
}
