namespace Orchestrator.Execution.Causes;

/// <summary>Why a program failed, as it said itself.</summary>
/// <param name="Type">The type of the exception; <see langword="null"/>: it named none.</param>
/// <param name="Message">What it said, the type included.</param>
/// <param name="Stack">The lines that belong to it, if there are several.</param>
/// <param name="Inner">The exceptions that it was caused by, or that it holds.</param>
internal sealed record ProgramCause(string? Type, string Message, string? Stack, IReadOnlyList<InnerFailure> Inner);

/// <summary>The last that a program printed, on both streams.</summary>
internal readonly record struct ProgramWords(string Error, string Output)
{
    private const int LongestQuote = 300;
    private const int TailLines = 20;

    /// <summary>The last lines of standard error.</summary>
    public string ErrorTail => string.Join('\n', Error.TrimEnd().Split('\n').TakeLast(TailLines));

    /// <summary>What it said of why it failed; an exception on either stream goes before anything else.</summary>
    public ProgramCause? Cause
    {
        get
        {
            var error = CauseReader.Read(Error);
            return error?.Type is not null ? error : CauseReader.Read(Output) is { Type: not null } output ? output : error ?? Last(Error);
        }
    }

    private static ProgramCause? Last(string text)
    {
        foreach (var line in CauseReader.LinesOf(text).Reverse())
        {
            var said = line.Trim();
            if (said.Length > 0 && !CausePatterns.IsFooter(said))
                return new ProgramCause(null, said.Length <= LongestQuote ? said : said[..LongestQuote] + "...", null, []);
        }

        return null;
    }
}
