using Orchestrator.Text;

namespace Orchestrator.Configuration;

/// <summary>What is executed, and whether it knows the sweep's parameters and metric.</summary>
internal static class TrainableRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, ISweepCatalog catalog, bool hasDelegate, SweepOrigin? origin, IReadOnlyList<string> unsound)
    {
        if (definition.Command.Count > 0 && !hasDelegate)
            return CommandRules.Check(definition, origin, unsound);
        if (hasDelegate || definition.Trainable is not { } trainable)
            return Presence(definition.Trainable, catalog, hasDelegate);
        if (trainable.Assembly is not null)
            return []; // known only once it is loaded
        return catalog.Trainables.FirstOrDefault(t => t.Name == trainable.Name) switch
        {
            null => [Unknown(trainable.Name, catalog)],
            { } info => [.. Parameters(definition, info), .. Metric(definition, info)],
        };
    }

    private static DefinitionProblem[] Presence(
        TrainableReference? trainable, ISweepCatalog catalog, bool hasDelegate) => (trainable, hasDelegate) switch
    {
        (null, false) => [new(SweepErrorCodes.NothingToRun, "/trainable",
            $"Nothing says what a run executes; add 'trainable' with a registered name ({NamesOf(catalog)}) or {{type, assembly}}, or 'command'.")],
        (not null, true) => [new(SweepErrorCodes.Contradiction, "/trainable",
            $"Both a delegate and the trainable '{trainable.Name}' are given; a run executes one of them: leave one out.")],
        _ => [],
    };

    private static DefinitionProblem Unknown(string name, ISweepCatalog catalog)
    {
        string[] names = [.. catalog.Trainables.Select(t => t.Name)];
        var nearest = Suggestion.Nearest(name, names) is { } found ? $"; did you mean '{found}'?" : ".";
        return new DefinitionProblem(SweepErrorCodes.UnknownTrainable, "/trainable",
            $"There is no trainable {ScalarNode.Clip(name)}{nearest} Registered: {NamesOf(catalog)}.");
    }

    private static IEnumerable<DefinitionProblem> Parameters(SweepDefinition definition, TrainableInfo info)
    {
        if (info.Parameters is not { } declared)
            return [];
        return from parameter in Leaves(definition.Parameters, "", "/parameters")
               where !declared.Contains(parameter.Name)
               select new DefinitionProblem(SweepErrorCodes.UndeclaredParameter, parameter.Path,
                   $"The trainable '{info.Name}' has no parameter {ScalarNode.Clip(parameter.Name)}"
                   + Suggestion.Hint(parameter.Name, declared));
    }

    private static IEnumerable<DefinitionProblem> Metric(SweepDefinition definition, TrainableInfo info)
    {
        if (info.Metrics is { } declared && definition.Metric is { Name: { } name } && !declared.Contains(name))
            yield return new DefinitionProblem(SweepErrorCodes.UndeclaredMetric, "/metric/name",
                $"The trainable '{info.Name}' reports no metric {ScalarNode.Clip(name)}{Suggestion.Hint(name, declared)}");
    }

    /// <summary>Every parameter with its full name and its place.</summary>
    internal static IEnumerable<(string Name, string Path)> Leaves(ParameterCollection parameters, string prefix, string path) =>
        parameters.SelectMany(p =>
        {
            (string Name, string Path)[] own = p.Value is ParameterGroup { Own: null } ? [] : [(prefix + p.Key, JsonPointer.Append(path, p.Key))];
            return p.Value is ParameterGroup group
                ? own.Concat(Leaves(group.Parameters, prefix + p.Key + ".", JsonPointer.Append(path, p.Key) + "/parameters"))
                : own;
        });

    private static string NamesOf(ISweepCatalog catalog)
    {
        string[] names = [.. catalog.Trainables.Select(t => t.Name).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "none" : string.Join(", ", names);
    }
}
