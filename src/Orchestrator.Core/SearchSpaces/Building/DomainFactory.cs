using Orchestrator.Text;

namespace Orchestrator.SearchSpaces;

/// <summary>Checks a parameter's definition and makes its domain.</summary>
internal sealed class DomainFactory(ProblemList problems)
{
    /// <summary>Points of a log range over integers are listed, to drop repeated ones.</summary>
    private const int MostListedPoints = 1_000_000;

    private const long MostIntegers = 1L << 62;

    private bool _wrong;

    /// <summary>The domain, or <see langword="null"/> after reporting why there is none.</summary>
    public Domain? TryCreate(Parameter parameter, string path, bool zipped)
    {
        _wrong = false;
        return parameter switch
        {
            Constant constant => new ChoiceDomain([constant.Value]),
            Choice choice => FromChoice(choice, path, zipped),
            IntRange range => FromIntegers(range, path),
            FloatRange range => FromFloats(range, path),
            NormalLaw law => FromNormal(law, path),
            _ => throw new ArgumentException($"A parameter of type {parameter.GetType().Name} is unknown here.", nameof(parameter)),
        };
    }

    private static string Text(ParameterValue number) => number.ToString();

    private void Error(string code, string path, string message)
    {
        problems.Error(code, path, message);
        _wrong = true;
    }

    private ChoiceDomain? FromChoice(Choice choice, string path, bool zipped)
    {
        if (choice.Values.Count == 0)
            Error("SWP109", path, "The list of choices is empty; give at least one value.");
        if (!zipped)
        {
            Dictionary<ParameterValue, int> seen = [];
            for (var i = 0; i < choice.Values.Count; i++)
            {
                if (!seen.TryAdd(choice.Values[i], i))
                    Error("SWP110", path,
                        $"The value {ParameterJson.ToJson(choice.Values[i])} stands twice; keep one (weights say how likely each is).");
            }
        }

        if (choice.Weights is { } weights)
        {
            var at = path + "/weights";
            if (weights.Count != choice.Values.Count)
                Error("SWP111", at, $"There are {weights.Count} weights for {choice.Values.Count} values; give one for each.");
            for (var i = 0; i < weights.Count; i++)
            {
                if (weights[i] < 0 || !double.IsFinite(weights[i]))
                    Error("SWP111", JsonPointer.Append(at, i), $"A weight is a number from 0 up, not {Text(weights[i])}.");
            }

            if (weights.Count > 0 && weights.All(w => w == 0))
                Error("SWP111", at, "All weights are 0, so nothing could be drawn; make one positive.");
        }

        return _wrong ? null : new ChoiceDomain(choice.Values, choice.Weights);
    }

    private Domain? FromIntegers(IntRange range, string path)
    {
        CheckRange(range.Min > range.Max, range.Log && range.Min < 1, Text(range.Min), Text(range.Max), "1", path);
        var width = range.Max >= range.Min ? (Int128)range.Max - range.Min : 0;
        if (width >= MostIntegers)
            Error("SWP114", path, "The range has more than 2^62 integers; narrow it, or take floats (type: float).");
        CheckStep(range.Step is { } s ? s : null, range.Step <= 0, range.Step > width && width > 0, range.Points is not null, path);
        CheckPoints(range.Points, range.Min < range.Max, path);
        if (range is { Log: true, Points: > MostListedPoints } && width >= MostListedPoints)
            Error("SWP107", path + "/points",
                $"A log range over integers has at most {MostListedPoints} points; ask for fewer, or leave points out.");
        if (_wrong)
            return null;
        var integers = (long)width + 1;
        if (range.Points is { } points && points < integers)
            return range.Log ? LogPoints(range, points) : new IntegerPointsDomain(range.Min, range.Max, points);

        // With points enough for every integer the points are the integers, still all alike.
        var step = range.Step ?? 1;
        NoteLast(range.Min + ((long)width / step * step), range.Max, path);
        return new IntegerDomain(range.Min, ((long)width / step) + 1, step, range.Log && range.Points is null);
    }

    private static ChoiceDomain LogPoints(IntRange range, int points)
    {
        var even = new FloatPointsDomain(range.Min, range.Max, log: true, points);
        List<ParameterValue> values = [];
        for (var i = 0; i < points; i++)
        {
            // Both ends are taken as they are: a double does not hold every integer.
            var value = i == 0 ? range.Min : i == points - 1 ? range.Max : (long)Math.Round(even.ValueAt(i).AsDouble());
            if (values.Count == 0 || values[^1] != value)
                values.Add(value);
        }

        return new ChoiceDomain(values);
    }

    private Domain? FromFloats(FloatRange range, string path)
    {
        if (!CheckFinite(range.Min, path + "/min") | !CheckFinite(range.Max, path + "/max"))
            return null;
        CheckRange(range.Min > range.Max, range.Log && range.Min <= 0, Text(range.Min), Text(range.Max), "0", path);
        if (range.Step is { } given && !double.IsFinite(given))
            Error("SWP105", path + "/step", $"The step is {Text(given)}; it must be a finite number above 0.");
        else
            CheckStep(range.Step, range.Step <= 0, range.Step > range.Max - range.Min && range.Max > range.Min,
                range.Points is not null, path);
        if (range.Step is { } step && !_wrong && (range.Max / step) - (range.Min / step) >= 1e15)
            Error("SWP114", path + "/step", "The range has more than 10^15 steps; take a larger step, or none for a continuous range.");
        CheckPoints(range.Points, range.Min < range.Max, path);
        if (_wrong)
            return null;
        if (range.Min == range.Max)
            return new ChoiceDomain([range.Min]);
        return range switch
        {
            { Step: { } s } => Stepped(range, s, path),
            { Points: { } points } => new FloatPointsDomain(range.Min, range.Max, range.Log, points),
            _ => new FloatDomain(range.Min, range.Max, range.Log),
        };
    }

    private SteppedFloatDomain Stepped(FloatRange range, double step, string path)
    {
        var domain = new SteppedFloatDomain(range.Min, range.Max, step, range.Log);
        NoteLast(domain.ValueAt(domain.Size!.Value - 1), range.Max, path);
        return domain;
    }

    /// <summary>A step that does not lead to max is often a slip.</summary>
    private void NoteLast(ParameterValue last, ParameterValue max, string path)
    {
        if (last != max)
            problems.Warning("SWP116", path + "/max", $"The steps never reach max {Text(max)}: the last value is {Text(last)}.");
    }

    private NormalDomain? FromNormal(NormalLaw law, string path)
    {
        CheckFinite(law.Mean, path + "/mean");
        if (!(law.StandardDeviation > 0) || !double.IsFinite(law.StandardDeviation))
            Error("SWP112", path + "/stddev",
                $"The standard deviation is {Text(law.StandardDeviation)}; it must be a finite number above 0.");
        foreach (var (name, number) in new[] { ("/min", law.Min), ("/max", law.Max), ("/step", law.Step) })
            CheckFinite(number ?? 0, path + name);
        if (law is { Min: { } min, Max: { } max } && min > max)
            Error("SWP103", path + "/min", $"The range is empty: min {Text(min)} is above max {Text(max)}; swap them.");
        if (law is { Log: true, Min: <= 0 } or { Log: true, Max: <= 0 })
            Error("SWP104", path + (law.Min <= 0 ? "/min" : "/max"), "Values of a logNormal law are above 0, and so are its bounds.");
        if (law.Step is { } step && (!(step > 0) || (law.IsInteger && Math.Truncate(step) != step)))
            Error("SWP105", path + "/step", $"The step is {Text(step)}; it must be {(law.IsInteger ? "a whole number" : "a finite number")} above 0.");
        if (_wrong)
            return null;
        var domain = new NormalDomain(law);
        if (domain.IsEmpty)
            Error("SWP117", path, "Between its bounds the law has next to nothing to draw, or no step falls there; widen them.");
        return _wrong ? null : domain;
    }

    private bool CheckFinite(double number, string path)
    {
        if (double.IsFinite(number))
            return true;
        Error("SWP102", path, $"{Text(number)} is not a finite number; write one that is.");
        return false;
    }

    private void CheckRange(bool reversed, bool logOfNothing, string min, string max, string lowest, string path)
    {
        if (reversed)
            Error("SWP103", path + "/min", $"The range is empty: min {min} is above max {max}; swap them.");
        if (logOfNothing)
            Error("SWP104", path + "/min", $"With log, min must be {(lowest == "0" ? "above 0" : "at least 1")}, not {min}.");
    }

    private void CheckStep(double? step, bool notPositive, bool tooLarge, bool hasPoints, string path)
    {
        if (step is null)
            return;
        if (notPositive)
            Error("SWP105", path + "/step", $"The step is {Text(step.Value)}; it must be above 0.");
        else if (tooLarge)
            Error("SWP105", path + "/step",
                $"The step {Text(step.Value)} is larger than the whole range; take a smaller one, or list the values.");
        if (hasPoints)
            Error("SWP108", path + "/points", "Give either step or points, not both.");
    }

    private void CheckPoints(int? points, bool hasTwoEnds, string path)
    {
        if (points < 1)
            Error("SWP107", path + "/points", $"The number of points is {points}; it must be at least {(hasTwoEnds ? 2 : 1)}.");
        else if (points < 2 && hasTwoEnds)
            Error("SWP107", path + "/points", "A range from min to a larger max has at least 2 points, its ends.");
    }
}
