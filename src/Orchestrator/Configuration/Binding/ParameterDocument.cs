namespace Orchestrator.Configuration;

/// <summary>Parameters as they stand in a sweep file.</summary>
internal static class ParameterDocument
{
    public static IEnumerable<KeyValuePair<string, ParameterValue>> Of(ParameterCollection parameters) =>
        parameters.Select(p => KeyValuePair.Create(p.Key, Of(p.Value)));

    private static ParameterValue Of(Parameter parameter)
    {
        switch (parameter)
        {
            case Choice { Weights: null, Condition.Count: 0 } choice:
                return ParameterValue.FromList(choice.Values);
            case Constant { Condition.Count: 0, Value.Kind: not (ParameterKind.Null or ParameterKind.List or ParameterKind.Map) } constant:
                return constant.Value;
        }

        var map = new MapBuilder();
        AddForm(map, parameter);
        map.AddMap("when", parameter.Condition.Select(c =>
            KeyValuePair.Create(c.Key, c.Value is [{ Kind: not (ParameterKind.List or ParameterKind.Map) } only] ? only : ParameterValue.FromList(c.Value))));
        return map.Build();
    }

    private static void AddForm(MapBuilder map, Parameter parameter)
    {
        switch (parameter)
        {
            case Choice choice:
                map.AddAlways("values", ParameterValue.FromList(choice.Values));
                if (choice.Weights is { } weights)
                    map.AddAlways("weights", ParameterValue.FromList(weights.Select(w => (ParameterValue)w)));
                break;
            case Constant constant:
                map.AddAlways("value", constant.Value);
                break;
            case Computed computed:
                map.AddAlways("expression", computed.Expression);
                break;
            case FloatRange range:
                map.AddAlways("min", range.Min).AddAlways("max", range.Max);
                AddRange(map, range.Log, range.Step is { } step ? step : ParameterValue.Null, range.Points);
                break;
            case IntRange range:
                map.AddAlways("min", range.Min).AddAlways("max", range.Max);
                AddRange(map, range.Log, range.Step is { } integerStep ? integerStep : ParameterValue.Null, range.Points);
                if (range is { Min: 0, Max: 1 })
                    map.Add("type", "int"); // without it the file would be asked whether floats were meant
                break;
            case NormalLaw law:
                map.Add("distribution", law.Log ? "logNormal" : "normal");
                map.AddAlways("mean", law.Mean).AddAlways("stddev", law.StandardDeviation);
                foreach (var (key, number) in new[] { ("min", law.Min), ("max", law.Max), ("step", law.Step) })
                    map.Add(key, number is { } given ? given : ParameterValue.Null);
                if (law.IsInteger)
                    map.Add("type", "int");
                break;
            case ParameterGroup group:
                if (group.Own is { } own)
                    AddForm(map, own);
                map.AddAlways("parameters", ParameterValue.FromMap(Of(group.Parameters)));
                break;
        }
    }

    private static void AddRange(MapBuilder map, bool log, ParameterValue step, int? points)
    {
        if (log)
            map.Add("log", true);
        map.Add("step", step).Add("points", points);
    }
}
