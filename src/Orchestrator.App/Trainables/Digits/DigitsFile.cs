using System.Globalization;
using System.IO.Compression;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>Reads the gzip CSV form of the digits: 64 pixels of 0 to 16 and a label of 0 to 9 per line, without a header.</summary>
internal static class DigitsFile
{
    private const int PixelMax = 16;

    /// <summary>One image.</summary>
    /// <param name="Pixels">64 intensities, 0 to 1, line by line.</param>
    /// <param name="Label">The digit that it shows.</param>
    public readonly record struct Row(float[] Pixels, int Label);

    /// <summary>Reads all images, in file order.</summary>
    /// <exception cref="InvalidDataException">The file is not gzip, is empty, or a line is not as described.</exception>
    public static IReadOnlyList<Row> Read(string path)
    {
        var rows = new List<Row>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (ReadLine(reader, path) is { } line)
            rows.Add(Parse(line, path, rows.Count + 1));
        return rows.Count > 0 ? rows : throw new InvalidDataException($"{path} holds no rows");
    }

    private static string? ReadLine(StreamReader reader, string path)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path} is not a gzip file: {e.Message}", e);
        }
    }

    private static Row Parse(string line, string path, int number)
    {
        var pixels = new float[DigitsData.PixelCount];
        var label = 0;
        var column = 0;
        foreach (var field in line.AsSpan().Split(','))
        {
            var max = column < pixels.Length ? PixelMax : DigitsData.ClassCount - 1;
            if (!int.TryParse(line.AsSpan()[field], NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > max)
                throw Invalid(path, number, $"column {column + 1} must be an integer from 0 to {max}, got '{line[field]}'");
            if (column < pixels.Length)
                pixels[column] = (float)value / PixelMax;
            else
                label = value;
            column++;
        }

        return column == pixels.Length + 1
            ? new Row(pixels, label)
            : throw Invalid(path, number, $"{pixels.Length} pixels and a label make {pixels.Length + 1} columns, got {column}");
    }

    private static InvalidDataException Invalid(string path, int line, string message) => new($"{path}({line}): {message}");
}
