namespace Orchestrator.Web.Dashboard.Commands;

/// <summary>What came of a command.</summary>
/// <param name="IsDone">Whether it is in force.</param>
/// <param name="Text">The answer, in a sentence.</param>
/// <param name="Status">The HTTP status.</param>
internal sealed record CommandAnswer(bool IsDone, string Text, int Status)
{
    public static CommandAnswer Done(string text) => new(true, text, 200);

    public static CommandAnswer Refused(string text) => new(false, text, 409);

    public static CommandAnswer ReadOnly { get; } = new(false, "This dashboard is read-only: nothing was changed.", 403);

    public static CommandAnswer Failed(string text) => new(false, text, 503);
}
