namespace Orchestrator.Configuration;

/// <summary>Makes parameters of a checked tree. A parameter with a mistake is left out, its name kept in <see cref="Unsound"/>.</summary>
internal sealed class ParameterBinder
{
    private static readonly string[] LawBounds = ["min", "max", "step"];

    private readonly List<string> _unsound = [];
    private readonly List<DefinitionProblem> _problems = [];

    /// <summary>The full names of parameters that could not be made.</summary>
    public IReadOnlyList<string> Unsound => _unsound;

    /// <summary>What is only seen when a parameter is made.</summary>
    public IReadOnlyList<DefinitionProblem> Problems => _problems;

    public void Bind(Cursor from, ParameterCollection to, string prefix = "")
    {
        foreach (var (name, cursor) in from.Entries)
        {
            var parameter = BindOne(cursor, prefix + name);
            if (parameter is null)
                _unsound.Add(prefix + name);
            else
                to[name] = parameter;
        }
    }

    private Parameter? BindOne(Cursor cursor, string name)
    {
        if (cursor["parameters"] is { IsMapping: true } members)
            return BindGroup(cursor, members, name);
        if (!cursor.IsSound)
            return null;
        if (cursor.IsSequence)
            return new Choice(Values(cursor));
        if (!cursor.IsMapping)
            return new Constant(cursor.Value!.Value);
        return BindForm(cursor) is { } parameter ? parameter with { Condition = Condition(cursor["when"]) } : null;
    }

    private Parameter? BindForm(Cursor cursor) =>
        cursor["values"] is { IsSound: true } values ? new Choice(Values(values)) { Weights = Weights(cursor["weights"]) }
        : cursor["distribution"].IsSound ? BindLaw(cursor)
        : cursor["min"].IsSound ? BindRange(cursor)
        : cursor["expression"].Text is { } expression ? new Computed(expression)
        : new Constant(cursor["value"].Value!.Value);

    /// <summary>A group keeps its sound members when others are wrong, so that these are checked against each other.</summary>
    private ParameterGroup? BindGroup(Cursor cursor, Cursor members, string name)
    {
        if (!cursor.IsSound && members.IsSound)
            return null; // the group itself is wrong, not a member
        var collection = new ParameterCollection();
        Bind(members, collection, name + ".");
        var isMore = cursor.Entries.Any(e => e.Key is not ("parameters" or "when"));
        var own = isMore && cursor.IsSound ? BindForm(cursor) : null;
        if (isMore && own is null)
            _unsound.Add(name);
        return new ParameterGroup(collection) { Own = own, Condition = Condition(cursor["when"]) };
    }

    private NormalLaw? BindLaw(Cursor cursor)
    {
        var isInteger = cursor["type"].Text == "int";
        if (isInteger && !LawBounds.Where(k => cursor[k].IsSound).All(k => IsWhole(cursor[k])))
            return null;
        return new NormalLaw(cursor["mean"].Number!.Value, cursor["stddev"].Number!.Value)
        {
            Log = cursor["distribution"].Text == "logNormal",
            Min = cursor["min"].Number,
            Max = cursor["max"].Number,
            Step = cursor["step"].Number,
            IsInteger = isInteger,
        };
    }

    private Parameter? BindRange(Cursor cursor)
    {
        var (min, max, step) = (cursor["min"].Value!.Value, cursor["max"].Value!.Value, cursor["step"].Value);
        var log = cursor["log"].Boolean ?? false;
        var points = (int?)cursor["points"].Integer;
        var type = cursor["type"].Text;
        var allIntegers = new[] { min, max, step ?? 1 }.All(v => v.Kind == ParameterKind.Integer);
        if (type == "float" || (type is null && !allIntegers))
            return new FloatRange(min.AsDouble(), max.AsDouble()) { Log = log, Step = step?.AsDouble(), Points = points };
        if (!IsWhole(cursor["min"]) | !IsWhole(cursor["max"]) | (step is not null && !IsWhole(cursor["step"])))
            return null;
        var range = new IntRange(min.AsInt64(), max.AsInt64()) { Log = log, Step = step?.AsInt64(), Points = points };
        if (type is null && range is { Min: 0, Max: 1 })
            _problems.Add(new DefinitionProblem(SweepErrorCodes.IntegerUnitRange, cursor.Path,
                "The range from 0 to 1 is written in integers, so its only values are 0 and 1; "
                + "write 0.0 and 1.0 for floats, or 'type: int' if integers are meant.",
                ProblemSeverity.Warning));
        return range;
    }

    private bool IsWhole(Cursor cursor)
    {
        var number = cursor.Number!.Value;
        if (cursor.Value!.Value.Kind == ParameterKind.Integer || (Math.Truncate(number) == number && Math.Abs(number) <= 1L << 53))
            return true;
        _problems.Add(new DefinitionProblem(SweepErrorCodes.WrongKind, cursor.Path,
            $"The range has 'type: int', but {cursor.Value} is not a whole number; round it, or write 'type: float'."));
        return false;
    }

    private static ParameterValue[] Values(Cursor list) => [.. list.Items.Select(i => i.Value!.Value)];

    private static double[]? Weights(Cursor list) => list.IsSound ? [.. list.Items.Select(i => i.Number!.Value)] : null;

    private static Dictionary<string, IReadOnlyList<ParameterValue>> Condition(Cursor when) =>
        when.Entries.Where(e => e.Value.IsSound).ToDictionary(
            e => e.Key, e => e.Value.Value!.Value is { Kind: ParameterKind.List } list ? list.Items : [e.Value.Value!.Value]);
}
