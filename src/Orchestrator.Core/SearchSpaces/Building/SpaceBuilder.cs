namespace Orchestrator.SearchSpaces;

/// <summary>Makes a search space of a definition, or finds every mistake in it.</summary>
internal sealed class SpaceBuilder
{
    private readonly ProblemList _problems = new();

    public IReadOnlyList<DefinitionProblem> Problems => _problems.All;

    public SearchSpace? TryBuild(SearchSpaceDefinition definition)
    {
        var flattener = new Flattener(_problems);
        flattener.Add(definition.Parameters, "", "/parameters", []);
        var drafts = flattener.Drafts;
        Dictionary<string, Draft> byName = new(StringComparer.Ordinal);
        foreach (var draft in drafts)
            byName.TryAdd(draft.Name, draft); // a repeated one has a dot in its name, which is reported already

        var zipped = definition.Zip.SelectMany(z => z).ToHashSet(StringComparer.Ordinal);
        var domains = new DomainFactory(_problems);
        foreach (var draft in drafts)
            draft.Domain = domains.TryCreate(draft.Definition, draft.Path, zipped.Contains(draft.Name));
        new ZipBuilder(_problems, byName, flattener.Computed).Apply(definition.Zip);

        var conditions = new ConditionBuilder(_problems, byName, flattener.Groups, flattener.Computed);
        conditions.Resolve(drafts.Concat(flattener.Computed));
        var axes = conditions.Sort(DraftAxis.Of(drafts), a => a.Needs(), report: true);
        var order = conditions.Sort(drafts, Parents, report: false);
        var builder = new PredicateBuilder(_problems, byName, order, flattener.Computed);
        var predicates = builder.Build(definition);
        var computed = new ComputedBuilder(_problems, builder).Build(flattener.Computed);
        return _problems.HasErrors ? null : Assemble(order, axes, predicates, computed);
    }

    private static IEnumerable<(Draft Needed, ConditionDraft Because)> Parents(Draft draft) =>
        draft.Conditions.Where(c => c.Resolved is not null).Select(c => (c.Resolved!, c));

    private static SearchSpace Assemble(
        List<Draft> order, List<DraftAxis> draftAxes, IReadOnlyList<Predicate> predicates, IReadOnlyList<(Draft Draft, Expressions.Expression Expression)> computed)
    {
        var slots = order.Select((d, i) => (d, i)).ToDictionary(p => p.d, p => p.i);
        var parameters = order.Select((d, i) => new SpaceParameter(d.Name, i, d.Definition, d.Domain!, Conditions(d), d.Path)).ToArray();
        var axes = draftAxes.Select((a, i) =>
        {
            var weights = a.Members.Count == 1
                ? null
                : a.Members.Select(m => (m.Definition as Choice)?.Weights).FirstOrDefault(w => w is not null);
            return new Axis(i, [.. a.Members.Select(m => slots[m])], a.Members[0].Domain!.Size,
                weights is null ? null : new CumulativeWeights(weights));
        }).ToArray();
        return new SearchSpace(parameters, axes, predicates, [.. computed.Select(c => new ComputedParameter(c.Draft.Name, c.Expression, Conditions(c.Draft)))]);

        SpaceCondition[] Conditions(Draft draft) =>
        [
            .. draft.Conditions.Select(c => new SpaceCondition(slots[c.Resolved!],
                [.. c.Values.Select(v => c.Resolved!.Domain!.TryNormalize(v, out var own) ? own : v)])),
        ];
    }

    /// <summary>An axis on its way into the space, at the place of its first member.</summary>
    private sealed class DraftAxis(IReadOnlyList<Draft> members)
    {
        private Dictionary<Draft, DraftAxis> _axisOf = [];

        public IReadOnlyList<Draft> Members { get; } = members;

        public static List<DraftAxis> Of(List<Draft> drafts)
        {
            List<DraftAxis> axes = [];
            Dictionary<Draft, DraftAxis> axisOf = [];
            foreach (var draft in drafts)
            {
                if (axisOf.ContainsKey(draft))
                    continue;
                var axis = new DraftAxis(draft.Zip < 0 ? [draft] : [.. drafts.Where(d => d.Zip == draft.Zip)]) { _axisOf = axisOf };
                axes.Add(axis);
                foreach (var member in axis.Members)
                    axisOf[member] = axis;
            }

            return axes;
        }

        public IEnumerable<(DraftAxis Needed, ConditionDraft Because)> Needs() =>
            Members.SelectMany(Parents).Select(p => (_axisOf[p.Needed], p.Because));

        public override string ToString() => Members.Count == 1
            ? $"'{Members[0].Name}'"
            : $"the zip of {string.Join(" and ", Members.Select(m => $"'{m.Name}'"))}";
    }
}
