using System.Text;

namespace Orchestrator.Execution.Commands;

/// <summary>What a piece of a command's argument is.</summary>
internal enum CommandPartKind
{
    /// <summary>Text as it is.</summary>
    Literal,

    /// <summary><c>${name}</c>: a parameter, or one of the run's own values.</summary>
    Name,

    /// <summary><c>${env:NAME}</c>: a variable of the environment.</summary>
    Variable,

    /// <summary><c>${flag:name}</c>: <c>--name</c> while a boolean parameter is true.</summary>
    Flag,
}

/// <summary>A piece of a command's argument.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text, or the name.</param>
internal readonly record struct CommandPart(CommandPartKind Kind, string Text)
{
    private const string VariablePrefix = "env:";
    private const string FlagPrefix = "flag:";

    /// <summary>How a placeholder is written.</summary>
    public string Written => Kind switch
    {
        CommandPartKind.Literal => Text,
        CommandPartKind.Variable => "${" + VariablePrefix + Text + "}",
        CommandPartKind.Flag => "${" + FlagPrefix + Text + "}",
        _ => "${" + Text + "}",
    };

    public static CommandPart OfPlaceholder(string content) =>
        content.StartsWith(VariablePrefix, StringComparison.Ordinal) ? new(CommandPartKind.Variable, content[VariablePrefix.Length..])
        : content.StartsWith(FlagPrefix, StringComparison.Ordinal) ? new(CommandPartKind.Flag, content[FlagPrefix.Length..])
        : new(CommandPartKind.Name, content);
}

/// <summary>An argument of a command, cut into text and placeholders. <c>$${</c> stands for <c>${</c>.</summary>
internal sealed record CommandArgument(IReadOnlyList<CommandPart> Parts)
{
    /// <summary>Whether it is an option whose value is the next argument: <c>--momentum</c>, <c>-m</c>; not <c>--a=b</c>, <c>--</c> or <c>-1</c>.</summary>
    public bool IsOption =>
        Parts is [{ Kind: CommandPartKind.Literal, Text: ['-', _, ..] text }] && text != "--" && !text.Contains('=') && !char.IsAsciiDigit(text[1]) && text[1] != '.';

    /// <summary>
    /// Whether it says itself what its value is for, so that it belongs to no option before it: <c>--a=${b}</c>, <c>-a${b}</c>, and
    /// <c>a=${b}</c> as Hydra takes it.
    /// </summary>
    public bool NamesItself => Parts[0] is { Kind: CommandPartKind.Literal, Text: var text } && (text[0] == '-' || text.Contains('='));

    public static CommandArgument Parse(string text)
    {
        var parts = new List<CommandPart>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text.AsSpan(at).StartsWith("$${"))
            {
                literal.Append("${");
                at += 3;
            }
            else if (text.AsSpan(at).StartsWith("${") && text.IndexOf('}', at) is >= 0 and var end)
            {
                if (literal.Length > 0)
                    parts.Add(new CommandPart(CommandPartKind.Literal, literal.ToString()));
                literal.Clear();
                parts.Add(CommandPart.OfPlaceholder(text[(at + 2)..end]));
                at = end + 1;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }

        if (literal.Length > 0 || parts.Count == 0)
            parts.Add(new CommandPart(CommandPartKind.Literal, literal.ToString()));
        return new CommandArgument(parts);
    }
}
