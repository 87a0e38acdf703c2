namespace Orchestrator.Configuration;

/// <summary>Whether the trackers exist and take their options.</summary>
internal static class TrackerRules
{
    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition, ISweepCatalog catalog) =>
        (definition.Trackers ?? []).Index().SelectMany(t => Check(t.Item, $"/trackers/{t.Index}", catalog));

    private static IEnumerable<DefinitionProblem> Check(TrackerReference tracker, string path, ISweepCatalog catalog)
    {
        if (catalog.Trackers.FirstOrDefault(t => t.Name == tracker.Type) is not { } info)
            return [Unknown(tracker.Type, path, catalog)];
        return tracker.Options.Select(o => CheckOption(info, o.Key, o.Value, DocumentPath.Append(path, o.Key))).OfType<DefinitionProblem>();
    }

    private static DefinitionProblem Unknown(string name, string path, ISweepCatalog catalog) =>
        SweepVocabulary.TrackersNotBuilt.Contains(name)
            ? new DefinitionProblem(SweepErrorCodes.NotBuilt, path, $"The tracker '{name}' is not built yet; leave it out.")
            : new DefinitionProblem(SweepErrorCodes.UnknownTracker, path,
                $"There is no tracker {ScalarNode.Clip(name)}; {NearestName.Hint(name, [.. catalog.Trackers.Select(t => t.Name)])}");

    private static DefinitionProblem? CheckOption(TrackerInfo info, string name, ParameterValue value, string path)
    {
        if (!info.Options.TryGetValue(name, out var option))
            return new DefinitionProblem(SweepErrorCodes.BadTrackerOption, path,
                $"The tracker '{info.Name}' has no option {ScalarNode.Clip(name)}; {NearestName.Hint(name, [.. info.Options.Keys])}");
        if (value.Kind == option.Kind || (option.Kind == ParameterKind.Float && value.Kind == ParameterKind.Integer))
            return null;
        return new DefinitionProblem(SweepErrorCodes.BadTrackerOption, path,
            $"The option '{name}' of the tracker '{info.Name}' must be {NameOf(option.Kind)}, but is {SweepDocument.ToNode(value).Described}.");
    }

    private static string NameOf(ParameterKind kind) => kind switch
    {
        ParameterKind.Boolean => "true or false",
        ParameterKind.Integer => "a whole number",
        ParameterKind.Float => "a number",
        ParameterKind.List => "a list",
        ParameterKind.Map => "a mapping",
        _ => "text",
    };
}
