using Orchestrator.Text;

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
        return CheckOptions(info, tracker, path);
    }

    private static DefinitionProblem Unknown(string name, string path, ISweepCatalog catalog) =>
        new(SweepErrorCodes.UnknownTracker, path,
            $"There is no tracker {ScalarNode.Clip(name)}{Suggestion.Hint(name, [.. catalog.Trackers.Select(t => t.Name)])}");

    /// <summary>What a tracker does not take of the options it is given.</summary>
    public static IEnumerable<DefinitionProblem> CheckOptions(TrackerInfo info, TrackerReference tracker, string path) =>
        tracker.Options.Select(o => CheckOption(info, o.Key, o.Value, JsonPointer.Append(path, o.Key))).OfType<DefinitionProblem>();

    private static DefinitionProblem? CheckOption(TrackerInfo info, string name, ParameterValue value, string path)
    {
        if (!info.Options.TryGetValue(name, out var option))
            return new DefinitionProblem(SweepErrorCodes.BadTrackerOption, path,
                $"The tracker '{info.Name}' has no option {ScalarNode.Clip(name)}{Suggestion.Hint(name, [.. info.Options.Keys])}");
        if (!option.Kind.Accepts(value))
            return Wrong(option.Kind.InWords(), "");
        if (option.Choices is not { } choices || choices.Contains(value.AsText()))
            return null;
        return Wrong("one of " + string.Join(", ", choices), Suggestion.Nearest(value.AsText(), choices) is { } nearest
            ? $" Did you mean '{nearest}'?"
            : "");

        DefinitionProblem Wrong(string expected, string advice) => new(SweepErrorCodes.BadTrackerOption, path,
            $"The option '{name}' of the tracker '{info.Name}' must be {expected}, "
            + $"but is {SweepDocument.ToNode(value).Described}.{advice}");
    }
}
