namespace Orchestrator;

/// <summary>Why an attempt failed, as captured where it failed.</summary>
public sealed record RunFailure
{
    /// <summary>The kind of failure.</summary>
    public required FailureKind Kind { get; init; }

    /// <summary>
    /// The full name of the exception's type, a command's as the command wrote it; <see langword="null"/> where there was no exception.
    /// </summary>
    public string? Type { get; init; }

    /// <summary>What happened, in one sentence or the exception's own words.</summary>
    public required string Message { get; init; }

    /// <summary>The stack of the exception, as .NET prints it; a command's as the command printed it.</summary>
    public string? StackTrace { get; init; }

    /// <summary>The inner exceptions, outermost first; those of an aggregate in its order.</summary>
    public IReadOnlyList<InnerFailure> Inner { get; init; } = [];

    /// <summary>The exit code of a command.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The number of the signal that ended the process.</summary>
    public int? Signal { get; init; }

    /// <summary>Twelve hexadecimal digits, the same for the same fault with other numbers, ids and paths.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The last lines of the run's log.</summary>
    public string? LogTail { get; init; }

    /// <summary>The type and the message, which may hold the type already.</summary>
    internal string Headline => Type is null || Message.Contains(Type, StringComparison.Ordinal) ? Message : $"{Type}: {Message}";
}

/// <summary>An exception inside another one.</summary>
/// <param name="Type">The full name of its type.</param>
/// <param name="Message">Its message.</param>
/// <param name="StackTrace">Its stack, if it was thrown.</param>
public sealed record InnerFailure(string Type, string Message, string? StackTrace);
