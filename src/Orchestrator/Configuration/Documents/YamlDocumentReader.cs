using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orchestrator.Configuration;

/// <summary>
/// Reads one YAML 1.2 document into the positioned tree, from parser events: the higher layers of YamlDotNet lose places and
/// throw at the first duplicate key.
/// </summary>
internal sealed partial class YamlDocumentReader
{
    private readonly Parser _parser;
    private readonly TextLines _lines;
    private readonly DocumentBudget _budget = new();
    private readonly Dictionary<string, DocumentNode> _anchors = new(StringComparer.Ordinal);
    private readonly Stack<Place> _openFlow = [];

    private YamlDocumentReader(string text, TextLines lines)
    {
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        _lines = lines;
    }

    /// <summary>The root of the only document.</summary>
    /// <exception cref="DocumentSyntaxException">It is not YAML, or uses what sweep files do not know.</exception>
    public static DocumentNode Read(string text, string file)
    {
        var lines = new TextLines(file, text);
        try
        {
            return Read(text, lines);
        }
        catch (DocumentSyntaxException cause) when (cause.Code == SweepErrorCodes.Syntax && IndentingTab(text, lines, cause.Place.Line) is { } tab)
        {
            throw new DocumentSyntaxException(SweepErrorCodes.Syntax, tab, "The file is not valid YAML: a tab indents this line; indent with spaces.");
        }
    }

    private static DocumentNode Read(string text, TextLines lines)
    {
        var reader = new YamlDocumentReader(text, lines);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException cause)
        {
            throw new DocumentSyntaxException(
                SweepErrorCodes.Syntax, reader.PlaceOf(cause.Start), "The file is not valid YAML: " + Sentence(cause.Message));
        }
        catch (Exception cause) when (cause is not (DocumentSyntaxException or OutOfMemoryException))
        {
            // The scanner itself trips over some broken input, above all over a flow collection that is not closed.
            throw reader.Unreadable();
        }
    }

    /// <summary>
    /// The tab that is why a text cannot be read: the scanner names some place near it, or none. With spaces instead the text can be read, or at
    /// least beyond that place.
    /// </summary>
    private static Place? IndentingTab(string text, TextLines lines, int wrongLine)
    {
        var indent = IndentWithTab().Match(text);
        if (!indent.Success)
            return null;
        try
        {
            Read(IndentWithTab().Replace(text, m => m.Value.Replace("\t", "  ", StringComparison.Ordinal)), lines);
        }
        catch (DocumentSyntaxException cause) when (cause.Code == SweepErrorCodes.Syntax && cause.Place.Line <= wrongLine)
        {
            return null;
        }
        catch (DocumentSyntaxException)
        {
            // another mistake, further on
        }

        return lines.At(indent.Index + indent.Value.IndexOf('\t', StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^ *\t[ \t]*(?=[^\s#])", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex IndentWithTab();

    private DocumentNode ReadDocument()
    {
        Next<StreamStart>();
        if (!_parser.MoveNext() || _parser.Current is StreamEnd)
            return new ScalarNode(_lines.At(0), ParameterValue.Null);
        _parser.MoveNext(); // past the document's start
        var root = ReadNode(1);
        _parser.MoveNext();
        if (_parser.MoveNext() && _parser.Current is DocumentStart second)
            throw Unsupported(second.Start,
                "The file holds several YAML documents (a second one starts here); a sweep file is one document.");
        return root;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (!_parser.MoveNext() || _parser.Current is not T)
            throw new InvalidOperationException("The parser gave another event.");
    }

    /// <summary>Reads the node at the current event and leaves the parser on its last event.</summary>
    private DocumentNode ReadNode(int level)
    {
        var current = _parser.Current ?? throw new InvalidOperationException("The document ends early.");
        var place = PlaceOf(current.Start);
        if (current is AnchorAlias alias)
            return ReadAlias(alias, place, level);
        _budget.Spend(place);
        DocumentNode node = current switch
        {
            Scalar scalar => ReadScalar(scalar, place),
            SequenceStart start => ReadSequence(start, place, level),
            MappingStart start => ReadMapping(start, place, level),
            _ => throw new InvalidOperationException("The parser gave an event out of order."),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor.Value] = node;
        return node;
    }

    private DocumentNode ReadAlias(AnchorAlias alias, Place place, int level)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var target))
            throw Unsupported(alias.Start,
                $"The alias '*{alias.Value.Value}' refers to no anchor before it; define one with '&{alias.Value.Value}'.");
        _budget.SpendOnAlias(target.CountNodes(), place);
        DocumentBudget.CheckLevel(level - 1 + (target is ScalarNode ? 0 : target.CountLevels()), place);
        return target.CopyTo(place);
    }

    private SequenceNode ReadSequence(SequenceStart start, Place place, int level)
    {
        CheckTag(start, "seq");
        DocumentBudget.CheckLevel(level, place);
        var node = new SequenceNode(place);
        if (start.Style == SequenceStyle.Flow)
            _openFlow.Push(place);
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
            node.Items.Add(ReadNode(level + 1));
        if (start.Style == SequenceStyle.Flow)
            _openFlow.Pop();
        return node;
    }

    private MappingNode ReadMapping(MappingStart start, Place place, int level)
    {
        CheckTag(start, "map");
        DocumentBudget.CheckLevel(level, place);
        var node = new MappingNode(place);
        if (start.Style == MappingStyle.Flow)
            _openFlow.Push(place);
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            var keyStart = _parser.Current!.Start;
            var isPlain = _parser.Current is Scalar { Style: ScalarStyle.Plain };
            var text = _parser.Current is Scalar scalar ? scalar.Value : null;
            var key = ReadNode(level + 1);
            if (key is not ScalarNode keyNode)
                throw Unsupported(keyStart, "A key is a list or a mapping here; keys are names.");
            if (isPlain && text == "<<")
                throw Unsupported(keyStart,
                    "Merge keys ('<<') are not part of YAML 1.2; repeat the keys, or use an alias for a whole value.");
            _parser.MoveNext();
            node.Add(text ?? keyNode.Value.ToString(), PlaceOf(keyStart), ReadNode(level + 1));
        }

        if (start.Style == MappingStyle.Flow)
            _openFlow.Pop();
        return node;
    }

    private ScalarNode ReadScalar(Scalar scalar, Place place)
    {
        var tag = scalar.Tag.IsEmpty ? null : scalar.Tag.Value;
        if (tag is null && scalar.Style == ScalarStyle.Plain)
        {
            var value = YamlScalars.Resolve(scalar.Value);
            var isLarge = value.Kind == ParameterKind.Float && YamlScalars.IsWrittenAsInteger(scalar.Value);
            return new ScalarNode(place, value) { LargeInteger = isLarge ? scalar.Value : null };
        }

        if (tag is null or "!") // "not plain"
            return new ScalarNode(place, scalar.Value);
        var name = tag.StartsWith(YamlScalars.TagPrefix, StringComparison.Ordinal) ? tag[YamlScalars.TagPrefix.Length..] : null;
        if (name is not ("str" or "int" or "float" or "bool" or "null"))
            throw UnknownTag(scalar, tag);
        return new ScalarNode(place, YamlScalars.ResolveTagged(scalar.Value, name) ?? throw Unsupported(
            scalar.Start, $"{ScalarNode.Clip(scalar.Value)} does not fit its tag '!!{name}'; write it without the tag."));
    }

    private void CheckTag(NodeEvent node, string expected)
    {
        if (!node.Tag.IsEmpty && node.Tag.Value is var tag && tag != "!" && tag != YamlScalars.TagPrefix + expected)
            throw UnknownTag(node, tag);
    }

    private DocumentSyntaxException UnknownTag(NodeEvent node, string tag) =>
        Unsupported(node.Start, $"The tag {ScalarNode.Clip(tag)} means nothing in a sweep file; leave it out.");

    private DocumentSyntaxException Unsupported(Mark mark, string message) => new(SweepErrorCodes.UnsupportedYaml, PlaceOf(mark), message);

    private Place PlaceOf(Mark mark) => _lines.At((int)Math.Min(mark.Index, int.MaxValue));

    private DocumentSyntaxException Unreadable()
    {
        var (place, problem) = _openFlow.TryPeek(out var open)
            ? (open, "the bracket or brace that opens here is not closed, or a comma is missing after it.")
            : (_parser.Current is { } current ? PlaceOf(current.Start) : _lines.At(0), "it cannot be read from about here on.");
        return new DocumentSyntaxException(SweepErrorCodes.Syntax, place, "The file is not valid YAML: " + problem);
    }

    private static string Sentence(string message)
    {
        var text = message.Trim();
        text = text.Length == 0 ? "it cannot be read from here on." : text;
        return text.EndsWith('.') ? text : text + ".";
    }
}
