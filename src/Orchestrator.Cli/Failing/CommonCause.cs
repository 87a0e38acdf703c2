using System.Globalization;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Failing;

/// <summary>
/// Something that nearly all failures of a group share and few successes have. Told only where chance hardly makes it: with as many
/// failing assignments drawn like the succeeding ones, it would be seen less than once in a hundred times, all parameters together.
/// </summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Condition">What holds of it: <c>= sgd</c>, <c>&gt;= 0.05</c>, <c>from 3 to 5</c>.</param>
/// <param name="Failed">How many failing assignments it holds for.</param>
/// <param name="FailedOf">How many there are.</param>
/// <param name="Succeeded">How many succeeding assignments it holds for.</param>
/// <param name="SucceededOf">How many there are.</param>
internal sealed record CommonCause(string Parameter, string Condition, long Failed, long FailedOf, long Succeeded, long SucceededOf)
{
    private const int LeastFailed = 3;
    private const int LeastSucceeded = 5;
    private const double LeastShare = 0.9;
    private const double LeastLift = 2;
    private const double MostChance = 0.01;

    /// <summary>How much more frequent it is among the failures.</summary>
    public double Lift => (double)Failed / FailedOf / ((Succeeded + 0.5) / (SucceededOf + 1));

    /// <summary>In a sentence.</summary>
    public string Sentence
    {
        get
        {
            var failed = Failed == FailedOf ? $"all {FailedOf}" : $"{Failed} of {FailedOf}";
            return $"{failed} failing assignments have {Parameter} {Condition}; of the {SucceededOf} that succeeded "
                + $"{(Succeeded == 0 ? "none has" : Succeeded == 1 ? "1 has" : $"{Succeeded} have")}";
        }
    }

    /// <summary>What the evidence shows; <see langword="null"/>: nothing worth telling.</summary>
    public static CommonCause? Of(string parameter, ParameterEvidence evidence, long failed, long succeeded, int parameters)
    {
        if (failed < LeastFailed || succeeded < LeastSucceeded)
            return null;
        var best = new[] { OfValue(parameter, evidence, failed, succeeded), OfRange(parameter, evidence, failed, succeeded) }
            .Where(c => c.Cause is not null && c.Chance * parameters < MostChance)
            .OrderBy(c => c.Chance)
            .FirstOrDefault();
        return best.Cause is { } cause && cause.Failed >= LeastShare * failed && cause.Lift >= LeastLift ? cause : null;
    }

    /// <summary>The chance is that of so many draws with this value among as many.</summary>
    private static (CommonCause? Cause, double Chance) OfValue(string parameter, ParameterEvidence evidence, long failed, long succeeded)
    {
        if (evidence.Top is not var (value, count))
            return default;
        var cause = new CommonCause(parameter, "= " + Human.Value(value), count, failed, evidence.SucceededWithValue, succeeded);
        var share = (evidence.SucceededWithValue + 1.0) / (succeeded + 2);
        var ways = Math.Pow(failed, failed - count); // at most: which of them are the exceptions
        return (cause, ways * Math.Pow(share, count));
    }

    /// <summary>The chance is that n draws span so small a share: n s^(n-1) - (n-1) s^n (the range of n uniform draws).</summary>
    private static (CommonCause? Cause, double Chance) OfRange(string parameter, ParameterEvidence evidence, long failed, long succeeded)
    {
        if (!evidence.IsNumeric || evidence.Failed < failed || evidence.Succeeded == 0)
            return default;
        var cause = new CommonCause(parameter, Range(evidence), failed, failed, evidence.SucceededInRange, succeeded);
        var share = (evidence.SucceededInRange + 1.0) / (succeeded + 2);
        return (cause, (failed * Math.Pow(share, failed - 1)) - ((failed - 1) * Math.Pow(share, failed)));
    }

    private static string Range(ParameterEvidence evidence) =>
        evidence.Least.Equals(evidence.Most) ? "= " + Text(evidence.Least)
        : evidence.Most >= evidence.SucceededMost && evidence.Least > evidence.SucceededLeast ? ">= " + Text(evidence.Least)
        : evidence.Least <= evidence.SucceededLeast && evidence.Most < evidence.SucceededMost ? "<= " + Text(evidence.Most)
        : string.Create(CultureInfo.InvariantCulture, $"from {Text(evidence.Least)} to {Text(evidence.Most)}");

    private static string Text(double value) => Human.Number(value);
}
