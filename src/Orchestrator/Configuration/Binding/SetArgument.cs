using System.Globalization;

namespace Orchestrator.Configuration;

/// <summary>One <c>--set a.b=value</c>: a path into the file and a value in YAML.</summary>
/// <remarks>
/// Keys are separated by dots; one that has a dot itself stands in quotes (<c>include.0.'model.size'=3</c>); a number is the index
/// into a list.
/// </remarks>
internal sealed class SetArgument
{
    private readonly IReadOnlyList<string> _path;
    private readonly DocumentNode _value;
    private readonly Place _place;

    private SetArgument(IReadOnlyList<string> path, DocumentNode value, Place place) => (_path, _value, _place) = (path, value, place);

    /// <summary>How the argument is named as a file in messages.</summary>
    public static string FileOf(string argument) => "--set " + argument;

    /// <summary>Reads an argument.</summary>
    /// <exception cref="DocumentSyntaxException">It is not <c>path=value</c>.</exception>
    public static SetArgument Parse(string argument)
    {
        var file = FileOf(argument);
        var (path, end) = ParsePath(argument, file);
        // Blanks in place of the path keep the columns right.
        var value = YamlDocumentReader.Read(new string(' ', end + 1) + argument[(end + 1)..], file);
        return new SetArgument(path, value, new Place(file, 1, 1));
    }

    /// <summary>Puts the value into a tree.</summary>
    /// <exception cref="DocumentSyntaxException">The path leads through something that has no keys.</exception>
    public void Apply(MappingNode root)
    {
        DocumentNode node = root;
        for (var i = 0; i < _path.Count - 1; i++)
            node = Child(node, i);
        Put(node, _path.Count - 1, _value);
    }

    private DocumentNode Child(DocumentNode node, int depth)
    {
        var child = node switch
        {
            MappingNode mapping => mapping.TryFind(_path[depth], out var entry) ? entry.Value : null,
            SequenceNode sequence when Index(sequence, depth) is var index && index < sequence.Items.Count => sequence.Items[index],
            _ => null,
        };
        if (child is null or ScalarNode { Value.Kind: ParameterKind.Null })
            Put(node, depth, child = new MappingNode(_place));
        return child;
    }

    private void Put(DocumentNode node, int depth, DocumentNode value)
    {
        switch (node)
        {
            case MappingNode mapping when mapping.TryFind(_path[depth], out var entry):
                (entry.Value, entry.KeyPlace) = (value, _place);
                break;
            case MappingNode mapping:
                mapping.Add(_path[depth], _place, value);
                break;
            case SequenceNode sequence when Index(sequence, depth) is var index && index < sequence.Items.Count:
                sequence.Items[index] = value;
                break;
            case SequenceNode sequence:
                sequence.Items.Add(value);
                break;
            default:
                throw Wrong(
                    $"'{string.Join('.', _path.Take(depth))}' is {node.Described}, so it has no '{_path[depth]}'; set it as a whole.");
        }
    }

    private int Index(SequenceNode sequence, int depth) =>
        int.TryParse(_path[depth], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= sequence.Items.Count
            ? index
            : throw Wrong(
                $"'{string.Join('.', _path.Take(depth))}' is a list of {sequence.Items.Count}, so '{_path[depth]}' is no index into it; "
                + $"write a number from 0 to {sequence.Items.Count} (the last one appends).");

    private DocumentSyntaxException Wrong(string message) => new(SweepErrorCodes.BadSet, _place, message);

    private static (List<string> Path, int End) ParsePath(string argument, string file)
    {
        var path = new List<string>();
        var at = 0;
        while (true)
        {
            var start = at;
            if (at < argument.Length && argument[at] is '\'' or '"')
            {
                at = argument.IndexOf(argument[start], start + 1) + 1;
                if (at == 0)
                    throw Bad(file, start, "the quote that opens here is not closed");
                path.Add(argument[(start + 1)..(at - 1)]);
            }
            else
            {
                at = argument.AsSpan(start).IndexOfAny('.', '=') is var length and >= 0 ? start + length : argument.Length;
                path.Add(argument[start..at].Trim());
            }

            if (path[^1].Length == 0)
                throw Bad(file, start, "a key is missing here");
            if (at >= argument.Length)
                throw Bad(file, at, "'=' is missing");
            if (argument[at] == '=')
                break;
            if (argument[at++] != '.')
                throw Bad(file, at - 1, "'.' or '=' is expected here");
        }

        if (path.Count > DocumentBudget.MaxLevels)
            throw Bad(file, 0, $"it is more than {DocumentBudget.MaxLevels} levels deep");
        return (path, at);
    }

    private static DocumentSyntaxException Bad(string file, int index, string what) => new(
        SweepErrorCodes.BadSet, new Place(file, 1, index + 1),
        $"This is not 'path=value': {what}. Write, for example, 'limits.maxRuns=10'.");
}
