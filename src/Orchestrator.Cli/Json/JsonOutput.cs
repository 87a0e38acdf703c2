using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Cli.Json;

/// <summary>The one document that <c>--json</c> prints.</summary>
internal static class JsonOutput
{
    private const int Version = 1;
    private const int FlushAt = 32 * 1024;
    private static readonly JsonEncodedText VersionName = JsonEncodedText.Encode("version");

    /// <summary>Writes a document whose members the callback writes.</summary>
    public static void Write(CliConsole console, Action<Utf8JsonWriter> members)
    {
        using var stream = console.OpenOut();
        using (var writer = Begin(stream, console))
        {
            members(writer);
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        stream.Flush();
    }

    /// <summary>Writes a document with one array, item by item: memory stays flat however many there are.</summary>
    public static async Task WriteArrayAsync<T>(
        CliConsole console, string name, IAsyncEnumerable<T> items, Action<Utf8JsonWriter, T> write, Action<Utf8JsonWriter>? before = null)
    {
        // The first item is read before anything is written: what cannot be read must not leave half a document.
        await using var source = items.GetAsyncEnumerator();
        var more = await source.MoveNextAsync();
        await using var stream = console.OpenOut();
        await using (var writer = Begin(stream, console))
        {
            before?.Invoke(writer);
            writer.WriteStartArray(name);
            for (; more; more = await source.MoveNextAsync())
            {
                write(writer, source.Current);
                if (writer.BytesPending > FlushAt)
                    await writer.FlushAsync();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        await stream.FlushAsync();
    }

    private static Utf8JsonWriter Begin(Stream stream, CliConsole console)
    {
        var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Indented = console.IsOutTerminal,
        });
        writer.WriteStartObject();
        writer.WriteNumber(VersionName, Version);
        return writer;
    }
}
