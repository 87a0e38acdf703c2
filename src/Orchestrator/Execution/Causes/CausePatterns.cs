using System.Text.RegularExpressions;

namespace Orchestrator.Execution.Causes;

/// <summary>How programs of several languages say what went wrong, and what they say around it.</summary>
internal static partial class CausePatterns
{
    /// <summary>Where Python begins to tell of an exception. What stands before it stands before every line of it: a rank, a log's column.</summary>
    [GeneratedRegex(@"^(?<prefix>.*?)(?<group>\+ Exception Group )?(?<original>Original )?Traceback \(most recent call last\):\s*$", RegexOptions.CultureInvariant)]
    public static partial Regex Traceback();

    /// <summary>An exception in its own words: <c>ValueError: bad rate</c>, <c>torch.OutOfMemoryError: ...</c>, <c>std::bad_alloc</c>.</summary>
    [GeneratedRegex(@"^(?:Uncaught )?(?<type>(?:[A-Za-z_][\w$]*(?:\.|::|/))*[A-Z_]\w*(?:Error|Exception|Interrupt|Exit|Failure|Warning|Iteration|Timeout|Fault|Unavailable|Exhausted))(?:\s\[\w+\])?(?::\s*(?<message>.*))?$", RegexOptions.CultureInvariant)]
    public static partial Regex NamedError();

    /// <summary>An error of any name, where frames follow: <c>Error: no data</c>, <c>Oops: no data</c>.</summary>
    [GeneratedRegex(@"^(?:Uncaught )?(?<type>(?:[A-Za-z_][\w$]*\.)*[A-Z][\w$]*)(?: \[\w+\])?(?::\s*(?<message>.*))?$", RegexOptions.CultureInvariant)]
    public static partial Regex FramedError();

    /// <summary>The line that ends a traceback, whatever its exception is called.</summary>
    [GeneratedRegex(@"^(?<type>[A-Za-z_][\w.$]*)(?::\s*(?<message>.*))?$", RegexOptions.CultureInvariant)]
    public static partial Regex AnyException();

    /// <summary>Java and .NET.</summary>
    [GeneratedRegex(@"^(?:Exception in thread ""[^""]*"" |Unhandled exception\. |Unhandled Exception: )(?<type>[\w.$`+]+)(?::\s*(?<message>.*))?$", RegexOptions.CultureInvariant)]
    public static partial Regex Unhandled();

    /// <summary>What an exception of Java, .NET or Node was caused by.</summary>
    [GeneratedRegex(@"^\s*(?:Caused by: |---> (?:\(Inner Exception #\d+\) )?|\[cause\]: )(?<type>[\w.$`+]+)(?::\s*(?<message>.*?))?(?: \{)?$", RegexOptions.CultureInvariant)]
    public static partial Regex CausedBy();

    [GeneratedRegex(@"^\s+(?:at\s|\.\.\. \d+ more|--- End of|Suppressed: )", RegexOptions.CultureInvariant)]
    public static partial Regex Frame();

    /// <summary>Rust; the message stands behind the place, or on the next line.</summary>
    [GeneratedRegex(@"^thread '[^']*'(?: \(\d+\))? panicked at (?:'(?<message>.*)', )?(?<place>\S+?):?$", RegexOptions.CultureInvariant)]
    public static partial Regex RustPanic();

    /// <summary>Go.</summary>
    [GeneratedRegex(@"^panic: (?<message>.+)$", RegexOptions.CultureInvariant)]
    public static partial Regex GoPanic();

    /// <summary>C++.</summary>
    [GeneratedRegex(@"^terminate called after throwing an instance of '(?<type>[^']+)'", RegexOptions.CultureInvariant)]
    public static partial Regex Terminate();

    [GeneratedRegex(@"^\s*what\(\):\s*(?<message>.+)$", RegexOptions.CultureInvariant)]
    public static partial Regex What();

    /// <summary>An error that has no type: <c>train.py: error: unrecognized arguments</c>, <c>[2026-01-01 12:00:00] ERROR - no data</c>.</summary>
    [GeneratedRegex(@"^(?!\s)(?:.{0,120}?[\s:\]|>(-])?(?i:fatal error|internal error|error|fatal|critical)(?:\[\w+\])?\]?\s*(?::|\s-|\|)\s*\S", RegexOptions.CultureInvariant)]
    public static partial Regex PlainError();

    /// <summary>A row of torchrun's table that says which process failed first.</summary>
    [GeneratedRegex(@"^\s*(?<key>rank|exitcode)\s*: (?<value>.+)$", RegexOptions.CultureInvariant)]
    public static partial Regex TorchrunRow();

    [GeneratedRegex(@"\x1B\[[0-?]*[ -/]*[@-~]", RegexOptions.CultureInvariant)]
    public static partial Regex Colour();

    /// <summary>A step of a chain of Python's exceptions: the next one was raised because of the one before.</summary>
    public static bool IsChain(string line) =>
        line.Contains("The above exception was the direct cause of the following exception", StringComparison.Ordinal)
        || line.Contains("During handling of the above exception, another exception occurred", StringComparison.Ordinal);

    /// <summary>Errors that tell only that another process failed.</summary>
    public static bool IsWrapper(string? type, string message)
    {
        var name = type?[(type.LastIndexOf('.') + 1)..];
        return name is "ChildFailedError" or "ProcessRaisedException" or "ProcessExitedException" or "CalledProcessError" or "SystemExit" or "RemoteTraceback" or "SignalException"
            || message.Contains("srun: error:", StringComparison.Ordinal) || message.Contains("make: ***", StringComparison.Ordinal)
            || message.Contains("failed (exitcode:", StringComparison.Ordinal) || message.Contains("torch.distributed.elastic", StringComparison.Ordinal);
    }

    /// <summary>Hints, warnings, rules and good-byes that programs print behind an error.</summary>
    public static bool IsFooter(string line) => Footer().IsMatch(line);

    [GeneratedRegex("""
        ^(?:
          [-=*_~\#+^\s]{3,}$                                              # rules, and what points at a place
        | .{0,200}HYDRA_FULL_ERROR
        | .{0,200}(?:CUDA_LAUNCH_BLOCKING|TORCH_USE_CUDA_DSA|TORCH_SHOW_CPP_STACKTRACES|NCCL_DEBUG|AMD_SERIALIZE_KERNEL|TORCHDYNAMO_VERBOSE|XLA_FLAGS|JAX_TRACEBACK_FILTERING|PYTHONFAULTHANDLER|RUST_BACKTRACE)
        | (?:CUDA|HIP)\ kernel\ errors\ might\ be\ asynchronously | Device-side\ assertions\ were | Exception\ raised\ from | frame\ \#\d+:
        | (?:.*[:\s])?\w*Warning: | warnings\.warn | \s*warnings\.warn\( | Exception\ ignored\ in | resource_tracker:
        | (?:wandb|mlflow|comet|neptune|aim|clearml|tensorboard|tracker|COMET\ \w+)\s?:
        | \(Use\ `node | at\s.+:\d+\)?$ | note:\ | help:\ | hint:\ | = \ note: | For\ more\ information | Node\.js\ v\d | goroutine\ \d | exit\ status\ \d
        | Set\ the\ environment\ variable | To\ enable\ traceback\ see | Process\ finished | Killed$ | Terminated$ | Aborted | Segmentation\ fault
        | (?:Failures|Root\ Cause).*:$ | <NO_OTHER_FAILURES> | \[\d+\]:$ | .*\ FAILED$
        | make(?:\[\d+\])?:\ \*\*\* | srun:\ error: | slurmstepd: | npm\ ERR!
        | (?:Run|See|View|Find|Logs?|Synced|You\ can)\b.*\b(?:logs?|run|dashboard|https?:)\b
        )
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Footer();
}
