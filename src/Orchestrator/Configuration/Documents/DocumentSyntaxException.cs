namespace Orchestrator.Configuration;

/// <summary>A document cannot be read any further; carries the problem and its place.</summary>
internal sealed class DocumentSyntaxException(string code, Place place, string message) : Exception(message)
{
    public string Code { get; } = code;

    public Place Place { get; } = place;
}
