using System.Globalization;
using System.Text;

namespace Orchestrator.Tests.Tracking;

/// <summary>Reads CSV as RFC 4180 has it, and numbers as Python does.</summary>
internal static class Csv
{
    public static double Number(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    public static List<string[]> Parse(string text)
    {
        var (rows, row, field, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted || c is not (',' or '\n'))
                field.Append(c);
            else
            {
                row.Add(field.ToString());
                field.Clear();
                if (c != '\n')
                    continue;
                rows.Add([.. row]);
                row.Clear();
            }
        }

        Assert.True(!quoted && field.Length == 0 && row.Count == 0, "the text ends with a whole line");
        Assert.All(rows, r => Assert.Equal(rows[0].Length, r.Length));
        return rows;
    }
}
