namespace Orchestrator.Configuration;

/// <summary>Reads JSON or YAML, by the file's name or, where that says nothing, by its first character.</summary>
internal static class DocumentReader
{
    /// <summary>The positioned tree of a text.</summary>
    /// <exception cref="DocumentSyntaxException">The text cannot be read.</exception>
    public static DocumentNode Read(string text, string file)
    {
        var root = IsJson(text, file) ? JsonDocumentReader.Read(text, file) : YamlDocumentReader.Read(text, file);
        if (root is ScalarNode { Value.Kind: ParameterKind.Null })
            throw new DocumentSyntaxException(
                SweepErrorCodes.Syntax, root.Place,
                "The file is empty; a sweep file names at least 'trainable', 'metric' and 'parameters'.");
        return root;
    }

    private static bool IsJson(string text, string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".JSON" or ".JSONC" => true,
        ".YAML" or ".YML" => false,
        _ => text.AsSpan().TrimStart() is ['{' or '[' or '/', ..],
    };
}
