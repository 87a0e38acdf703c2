using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Execution.Commands;

/// <summary>
/// Reads values from lines of a program that knows nothing of reports: <c>epoch 3: loss=0.31</c>. A group of the expression that has a name gives the
/// value of the metric of that name; the groups <c>name</c> and <c>value</c>, or the first two without names, give one for each match. A group
/// <c>step</c> gives the step.
/// </summary>
internal sealed class ReportPattern
{
    private const string Step = "step";
    private const string Name = "name";
    private const string Value = "value";

    // Linear in the length of the line, whatever the expression: a line must not be able to stop a run.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Regex _regex;
    private readonly string? _name;
    private readonly string? _value;
    private readonly string[] _metrics;

    private ReportPattern(Regex regex)
    {
        _regex = regex;
        string[] groups = [.. regex.GetGroupNames().Where(g => g != "0")];
        string[] unnamed = [.. groups.Where(g => int.TryParse(g, NumberStyles.None, CultureInfo.InvariantCulture, out _))];
        if (groups.Contains(Name) && groups.Contains(Value))
            (_name, _value) = (Name, Value);
        else if (groups.All(g => unnamed.Contains(g) || g == Step) && unnamed.Length >= 2)
            (_name, _value) = (unnamed[0], unnamed[1]);
        _metrics = _name is not null ? [] : [.. groups.Except(unnamed).Where(g => g != Step)];
    }

    /// <exception cref="ArgumentException">It is no such expression; the message says why.</exception>
    public static ReportPattern Parse(string expression)
    {
        Regex regex;
        try
        {
            regex = new Regex(expression, Options);
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException("looks ahead or behind, refers back to a group, or has an atomic or conditional group; a line is read without going back");
        }
        catch (RegexParseException cause)
        {
            throw new ArgumentException($"is no regular expression: {cause.Message}");
        }

        var pattern = new ReportPattern(regex);
        return pattern._name is null && pattern._metrics.Length == 0
            ? throw new ArgumentException("says neither names nor values; give it the groups (?<name>...) and (?<value>...), or a group for each metric, such as 'loss=(?<loss>\\S+)'")
            : pattern;
    }

    /// <summary>Adds the values of a line to a list. Safe for concurrent use.</summary>
    /// <param name="line">The line.</param>
    /// <param name="values">Is added to.</param>
    /// <param name="hasOddStep">Whether it names a step that is none.</param>
    /// <returns>The step, if it names one.</returns>
    public long? Read(string line, List<(string Name, double Value)> values, out bool hasOddStep)
    {
        (long? step, hasOddStep) = (null, false);
        for (var match = _regex.Match(line); match.Success; match = match.NextMatch())
        {
            if (match.Groups[Step] is { Success: true } given)
            {
                step = TryStep(given.Value) ?? step;
                hasOddStep |= step is null;
            }

            if (_name is not null)
                Add(values, match.Groups[_name].Value, match.Groups[_value!]);
            foreach (var metric in _metrics)
                Add(values, metric, match.Groups[metric]);
        }

        return step;
    }

    private static void Add(List<(string Name, double Value)> values, string name, Group value)
    {
        if (value.Success && name.Length is > 0 and <= 1_000 && TryNumber(value.Value) is { } number)
            values.Add((name, number));
    }

    private static long? TryStep(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : TryNumber(text) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1L << 53 ? (long)number
        : null;

    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "These words are compared, not shown.")]
    private static double? TryNumber(string text)
    {
        text = text.Trim().TrimEnd('.', ',', ';');
        return text.ToLowerInvariant() switch
        {
            "nan" => double.NaN,
            "inf" or "+inf" or "infinity" => double.PositiveInfinity,
            "-inf" or "-infinity" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
    }
}
