using System.Text;

namespace Orchestrator.Configuration;

/// <summary>Gets the text of a sweep file: bounded in size, UTF-8 (or UTF-16 with a byte order mark), never binary.</summary>
internal static class SweepFileText
{
    public const int MaxBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, without a byte order mark.</summary>
    /// <exception cref="DocumentSyntaxException">There is no such file, it cannot be read, or it is no text.</exception>
    public static string Load(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw Unreadable(path, $"'{path}' is a folder; name a sweep file in it.");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Decode(path, ReadBounded(path, stream));
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable(path, $"There is no file '{path}' (looked for in {Directory.GetCurrentDirectory()}).");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, $"The file cannot be read: {cause.Message}");
        }
    }

    /// <summary>Turns bytes into text.</summary>
    public static string Decode(string file, byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return (bytes[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode).GetString(bytes, 2, bytes.Length - 2);
        var start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        try
        {
            return Strict.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException cause)
        {
            var before = Encoding.UTF8.GetString(bytes, start, Math.Max(0, cause.Index));
            throw new DocumentSyntaxException(
                SweepErrorCodes.Unreadable, new TextLines(file, before).At(before.Length),
                "The file is not UTF-8 text from here on; save it as UTF-8.");
        }
    }

    /// <summary>Refuses text that only a binary file holds.</summary>
    public static void CheckText(string file, string text)
    {
        if (text.Length > MaxBytes)
            throw Unreadable(file, TooLarge);
        var zero = text.IndexOf('\0', StringComparison.Ordinal);
        if (zero >= 0)
            throw new DocumentSyntaxException(
                SweepErrorCodes.Unreadable, new TextLines(file, text).At(zero),
                "The file is binary (it holds a NUL character); a sweep file is JSON or YAML text.");
    }

    private static string TooLarge =>
        $"The file is larger than {MaxBytes / 1024 / 1024} MiB; a sweep file holds the description of a sweep, not its data.";

    private static byte[] ReadBounded(string path, FileStream stream)
    {
        using var copy = new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            copy.Write(buffer, 0, count);
            if (copy.Length > MaxBytes)
                throw Unreadable(path, TooLarge);
        }

        return copy.ToArray();
    }

    private static DocumentSyntaxException Unreadable(string path, string message) =>
        new(SweepErrorCodes.Unreadable, new Place(path, 1, 1), message);
}
