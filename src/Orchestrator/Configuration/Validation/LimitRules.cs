namespace Orchestrator.Configuration;

/// <summary>What the metric, the seeds and the limits must be together.</summary>
internal static class LimitRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition)
    {
        if (definition.Metric is null)
            yield return new DefinitionProblem(SweepErrorCodes.NoMetric, "/metric",
                "Nothing says what to optimize; add 'metric: {name: ..., goal: minimize}' (or maximize) "
                + "with the name under which runs report it.");

        var seen = new HashSet<long>();
        foreach (var (index, seed) in definition.Seeds.Index())
        {
            if (!seen.Add(seed))
                yield return new DefinitionProblem(SweepErrorCodes.DuplicateItem, $"/seeds/{index}",
                    $"The seed {seed} stands twice; two runs with the same assignment and seed would be the same run.");
        }

        var limits = definition.Limits;
        if (definition.Reproducible is not null && limits.Duration is not null)
            yield return new DefinitionProblem(SweepErrorCodes.NotReproducible, "/limits/duration",
                "A reproducible sweep cannot end by the clock: how many runs fit in depends on the machine. Use 'limits.maxRuns', or leave 'reproducible' out.");
        if (definition.Method.Type is { } method && method != "grid" && Sampling.Samplers.Methods.Contains(method)
            && limits.MaxRuns is null && limits.Duration is null && definition.Metric?.Target is null)
            yield return new DefinitionProblem(SweepErrorCodes.Endless, "/method",
                $"A sweep by '{method}' never ends by itself; set 'limits.maxRuns', 'limits.duration' or 'metric.target'.");
    }
}
