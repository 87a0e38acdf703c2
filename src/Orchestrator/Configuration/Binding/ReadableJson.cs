using System.Text;

namespace Orchestrator.Configuration;

/// <summary>JSON as a person writes it: what is short stands on one line.</summary>
internal static class ReadableJson
{
    private const int LineLength = 120;

    public static string Write(ParameterValue value)
    {
        var text = new StringBuilder();
        Write(text, value, indent: 0, used: 0);
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, ParameterValue value, int indent, int used)
    {
        var line = OnOneLine(value);
        // The file itself has a line for each key, however short.
        if (value.Kind is not (ParameterKind.List or ParameterKind.Map) || (indent > 0 && indent + used + line.Length < LineLength))
        {
            text.Append(line);
            return;
        }

        var isMap = value.Kind == ParameterKind.Map;
        var parts = isMap ? value.Entries : [.. value.Items.Select(i => KeyValuePair.Create("", i))];
        text.Append(isMap ? '{' : '[');
        foreach (var (index, (key, item)) in parts.Index())
        {
            var name = isMap ? ParameterJson.ToJson(key) + ": " : "";
            text.Append(index == 0 ? "\n" : ",\n").Append(' ', indent + 2).Append(name);
            Write(text, item, indent + 2, name.Length);
        }

        text.Append('\n').Append(' ', indent).Append(isMap ? '}' : ']');
    }

    private static string OnOneLine(ParameterValue value) => value.Kind switch
    {
        ParameterKind.List => "[" + string.Join(", ", value.Items.Select(OnOneLine)) + "]",
        ParameterKind.Map =>
            "{" + string.Join(", ", value.Entries.Select(e => $"{ParameterJson.ToJson(e.Key)}: {OnOneLine(e.Value)}")) + "}",
        _ => ParameterJson.ToJson(value),
    };
}
