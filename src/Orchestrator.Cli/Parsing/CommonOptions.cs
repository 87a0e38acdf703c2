using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Orchestrator.Execution.Devices;
using Orchestrator.Text;

namespace Orchestrator.Cli.Parsing;

/// <summary>Options and arguments that several verbs have, and ways to make further ones.</summary>
internal static class CommonOptions
{
    /// <summary>Where everything is kept.</summary>
    public static Option<string?> Home { get; } = new("--home")
    {
        Description = "Where sweeps are kept [default: .orchestrator, or ORCHESTRATOR_HOME, or Orchestrator:Home of appsettings.json]",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<bool> Json(string prints) => new("--json") { Description = $"Print {prints} as one JSON document" };

    public static Argument<string> File() => new("FILE") { Description = "The sweep file, JSON or YAML" };

    public static Argument<string?> Sweep(string leftOut = "the latest sweep") => Named("sweep", leftOut);

    /// <summary>For verbs that look: at the runs of a sweep, or at those that are held by hand.</summary>
    public static Argument<string?> SweepOrExperiment() => Named("sweep or experiment", "the latest");

    private static Argument<string?> Named(string what, string leftOut) => new("SWEEP")
    {
        Description = $"The id of a {what}, the beginning of an id, or a name [default: {leftOut}]",
        Arity = ArgumentArity.ZeroOrOne,
        Validators = { RefuseOption },
    };

    public static Argument<string> Run() => new("RUN")
    {
        Description = "The id of a run (SWEEP/000123, or that of a run held by hand), its name, or its number in the latest sweep or experiment",
    };

    public static Option<int?> Workers() => Number<int>("--workers", "How many runs are executed at once [default: what the cpus and GPUs allow]", 1);

    /// <summary>The GPUs of the pool that runs without another are executed in.</summary>
    public static Option<string?> Gpus { get; } = new("--gpus")
    {
        Description = "The GPUs to use: all, none, a list such as 0,1, or pretended ones such as 4x80GiB [default: all]",
        HelpName = "GPUS",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [.., var token] && GpuSelection.Parse(token.Value) is null)
                    result.AddError($"--gpus takes {GpuSelection.Syntax}, not '{token.Value}'.");
            },
        },
    };

    public static Option<bool> NoProgress() => new("--no-progress") { Description = "One line per change instead of a live table" };

    /// <summary>An option that takes an integer.</summary>
    public static Option<T?> Number<T>(string name, string description, long? least = null)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                    return null; // a shell asks what may follow
                var text = result.Tokens[^1].Value;
                var isNumber = T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value);
                if (isNumber && (least is null || value >= T.CreateSaturating(least.Value)))
                    return value;
                var rule = least is { } bound ? string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {bound}") : "a whole number";
                result.AddError($"{name} takes {rule}, not '{text}'.");
                return null;
            },
        };

    /// <summary>An option that takes a member of an enum, by its word.</summary>
    public static Option<T?> Word<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Configuration.Words.All(typeof(T));
        var option = new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            CustomParser = result => result.Tokens.Count == 0 ? null : Read<T>(result, name, result.Tokens[^1].Value),
        };
        return Completed(option, words);
    }

    /// <summary>An option that may be given more than once, each time with a member of an enum.</summary>
    public static Option<T[]> Words<T>(string name, string helpName, string description)
        where T : struct, Enum
    {
        var option = new Option<T[]>(name)
        {
            Description = description,
            HelpName = helpName,
            DefaultValueFactory = _ => [],
            CustomParser = result => [.. result.Tokens.Select(t => Read<T>(result, name, t.Value)).OfType<T>()],
        };
        return Completed(option, Configuration.Words.All(typeof(T)));
    }

    /// <summary>Offers the words to shells; the library would offer an enum's members as C# spells them.</summary>
    private static T Completed<T>(T option, IEnumerable<string> words)
        where T : Option
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add([.. words]);
        return option;
    }

    /// <summary>A mistyped option is not the name of a sweep.</summary>
    private static void RefuseOption(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(t => t.Value.StartsWith('-')) is { } option && result.Parent is CommandResult verb)
            result.AddError(UsageErrors.UnknownOption(option.Value, verb.Command));
    }

    private static T? Read<T>(ArgumentResult result, string name, string text)
        where T : struct, Enum
    {
        var words = Configuration.Words.All(typeof(T));
        var member = Array.FindIndex(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (member >= 0)
            return Enum.GetValues<T>()[member];
        var nearest = Suggestion.Nearest(text, words) is { } word ? $" Did you mean '{word}'?" : "";
        result.AddError($"{name} takes {string.Join(", ", words)}, not '{text}'.{nearest}");
        return null;
    }
}
