using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Configuration;

/// <summary>Reads JSON, with comments and trailing commas, into the positioned tree.</summary>
internal ref struct JsonDocumentReader
{
    // Comes from System.Text.Json's own messages: everything from here on repeats the place.
    private const string PlaceSuffix = " LineNumber:";

    private readonly byte[] _bytes;
    private readonly TextLines _lines;
    private readonly DocumentBudget _budget = new();
    private Utf8JsonReader _reader;
    private int _byteOffset;
    private int _charOffset;

    private JsonDocumentReader(string text, TextLines lines)
    {
        _bytes = Encoding.UTF8.GetBytes(text);
        _lines = lines;
        _reader = new Utf8JsonReader(_bytes, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = DocumentBudget.MaxLevels + 8, // ours is told first, in our words
        });
    }

    /// <summary>The root of a document.</summary>
    /// <exception cref="DocumentSyntaxException">It is not JSON.</exception>
    public static DocumentNode Read(string text, string file)
    {
        var reader = new JsonDocumentReader(text, new TextLines(file, text));
        try
        {
            reader._reader.Read();
            var root = reader.ReadNode(1);
            reader._reader.Read(); // what follows must be nothing
            return root;
        }
        catch (JsonException cause)
        {
            throw new DocumentSyntaxException(SweepErrorCodes.Syntax, reader.PlaceOf(cause),
                "The file is not valid JSON: " + Sentence(cause));
        }
    }

    private DocumentNode ReadNode(int level)
    {
        var place = TokenPlace();
        _budget.Spend(place);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                DocumentBudget.CheckLevel(level, place);
                var mapping = new MappingNode(place);
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var keyPlace = TokenPlace();
                    var key = ReadText(keyPlace);
                    _reader.Read();
                    mapping.Add(key, keyPlace, ReadNode(level + 1));
                }

                return mapping;
            case JsonTokenType.StartArray:
                DocumentBudget.CheckLevel(level, place);
                var sequence = new SequenceNode(place);
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                    sequence.Items.Add(ReadNode(level + 1));
                return sequence;
            case JsonTokenType.String:
                return new ScalarNode(place, ReadText(place));
            case JsonTokenType.Number:
                var number = ReadNumber(out var isLarge);
                return new ScalarNode(place, number) { LargeInteger = isLarge ? Encoding.UTF8.GetString(_reader.ValueSpan) : null };
            case JsonTokenType.True:
                return new ScalarNode(place, true);
            case JsonTokenType.False:
                return new ScalarNode(place, false);
            default:
                return new ScalarNode(place, ParameterValue.Null);
        }
    }

    private readonly string ReadText(Place place)
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new DocumentSyntaxException(
                SweepErrorCodes.Syntax, place,
                "The file is not valid JSON: the string has an escape that is half a character (a lone surrogate).");
        }
    }

    private readonly ParameterValue ReadNumber(out bool isLarge)
    {
        var isInteger = _reader.ValueSpan.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
        isLarge = false;
        if (isInteger && _reader.TryGetInt64(out var integer))
            return integer;
        isLarge = isInteger;
        return double.Parse(_reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private Place TokenPlace() => PlaceOfByte((int)_reader.TokenStartIndex);

    /// <summary>The place of a byte. Bytes are asked for in rising order, so that each is counted once.</summary>
    private Place PlaceOfByte(int offset)
    {
        offset = Math.Clamp(offset, _byteOffset, _bytes.Length);
        _charOffset += Encoding.UTF8.GetCharCount(_bytes, _byteOffset, offset - _byteOffset);
        _byteOffset = offset;
        return _lines.At(_charOffset);
    }

    private Place PlaceOf(JsonException cause)
    {
        var start = 0;
        for (var line = 0L; line < (cause.LineNumber ?? 0); line++)
            start += Math.Max(0, _bytes.AsSpan(start).IndexOf((byte)'\n') + 1);
        (_byteOffset, _charOffset) = (0, 0); // an error may be reported before the last token asked for
        return PlaceOfByte(start + (int)(cause.BytePositionInLine ?? 0));
    }

    private static string Sentence(JsonException cause)
    {
        var message = cause.Message;
        var end = message.IndexOf(PlaceSuffix, StringComparison.Ordinal);
        return ScalarNode.OnOneLine(end < 0 ? message : message[..end]);
    }
}
