namespace Orchestrator.SearchSpaces;

/// <summary>Checks the conditions and finds an order in which parents come before their children.</summary>
internal sealed class ConditionBuilder(ProblemList problems, IReadOnlyDictionary<string, Draft> byName, IReadOnlySet<string> groups, IReadOnlyList<Draft> computed)
{
    public void Resolve(IEnumerable<Draft> drafts)
    {
        foreach (var condition in drafts.SelectMany(d => d.Conditions).Distinct())
        {
            if (!byName.TryGetValue(condition.Parent, out var parent))
            {
                if (groups.Contains(condition.Parent))
                    problems.Error("SWP132", condition.Path, $"'{condition.Parent}' is a group; name one of its parameters.");
                else
                    problems.Error("SWP130", condition.Path, ComputedBuilder.NoParameter(condition.Parent, byName.Keys, computed));
                continue;
            }

            condition.Resolved = parent;
            if (parent.Domain is { } domain && !condition.Values.All(domain.Contains) && domain.Contains(ParameterValue.FromList(condition.Values)))
                condition.TakeAsOneValue();
            if (condition.Values.Count == 0)
                problems.Error("SWP133", condition.Path, "The condition lists no value, so it could never hold; list at least one.");
            foreach (var value in condition.Values)
            {
                if (parent.Domain is not null && !parent.Domain.Contains(value))
                    problems.Error("SWP133", condition.Path, parent.Domain.Never(parent.Name, value));
            }

            if (parent.Domain is { Size: null })
                problems.Warning("SWP134", condition.Path,
                    $"'{parent.Name}' is continuous and hardly ever has exactly this value; give it step or points, or list its values.");
        }
    }

    /// <summary>
    /// The nodes in order, each after those it needs, otherwise as they were; a cycle is reported and broken anywhere.
    /// </summary>
    public List<T> Sort<T>(IReadOnlyList<T> nodes, Func<T, IEnumerable<(T Needed, ConditionDraft Because)>> needs, bool report)
        where T : class
    {
        List<T> order = [];
        Dictionary<T, bool> done = new(ReferenceEqualityComparer.Instance);
        List<T> way = [];
        foreach (var node in nodes)
        {
            if (!done.ContainsKey(node))
                Visit(node);
        }

        return order;

        void Visit(T node)
        {
            done[node] = false;
            way.Add(node);
            foreach (var (needed, because) in needs(node))
            {
                if (!done.TryGetValue(needed, out var isDone))
                    Visit(needed);
                else if (!isDone && report)
                    problems.Error("SWP131", because.Path, CycleMessage([.. way.Skip(way.IndexOf(needed)).Select(n => n.ToString()!)]));
            }

            way.RemoveAt(way.Count - 1);
            done[node] = true;
            order.Add(node);
        }
    }

    private static string CycleMessage(string[] cycle) => cycle.Length == 1
        ? $"{cycle[0]} depends on itself; leave that condition out."
        : $"The conditions go in a circle: {string.Join(" needs ", cycle.Append(cycle[0]))}; leave one of them out.";
}
