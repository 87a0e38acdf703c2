using System.ComponentModel;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Execution.Causes;

namespace Orchestrator.Execution;

/// <summary>Turns what went wrong into a <see cref="RunFailure"/>.</summary>
internal static partial class FailureCapture
{
    private const int MostInner = 16;
    private const int FramesInFingerprint = 4;
    private const int MostInFingerprint = 4_096;

    /// <summary>The failure of an exception that left the user's code.</summary>
    public static RunFailure FromException(Exception exception, string? logTail = null)
    {
        // Reflection's wrapper says nothing that its content does not say better.
        var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        var texts = new ExceptionTexts();
        var said = texts.Of(cause);
        return new RunFailure
        {
            Kind = KindOf(cause),
            Type = said.Type,
            Message = said.Message,
            StackTrace = said.StackTrace,
            Inner = InnerOf(cause, texts),
            Fingerprint = FingerprintOf(cause, texts),
            LogTail = logTail,
        };
    }

    /// <summary>A failure without an exception.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="message">What happened. Numbers in it do not tell failures apart; what is given beside it does.</param>
    /// <param name="exitCode">The exit code of the process.</param>
    /// <param name="signal">The signal that ended it.</param>
    public static RunFailure FromRule(FailureKind kind, string message, int? exitCode = null, int? signal = null) => new()
    {
        Kind = kind,
        Message = message,
        ExitCode = exitCode,
        Signal = signal,
        Fingerprint = Hash(kind + Codes(exitCode, signal) + "\n" + Normalize(message)),
    };

    /// <summary>A failure of a program that said itself why.</summary>
    /// <param name="failure">What the end of its process says.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="message">What happened.</param>
    /// <param name="cause">What it said.</param>
    public static RunFailure FromProgram(RunFailure failure, FailureKind kind, string message, ProgramCause cause) => failure with
    {
        Kind = kind,
        Message = message,
        Type = cause.Type,
        StackTrace = cause.Stack,
        Inner = cause.Inner,
        // The stack is none of it: lines move, and the last one is often a library's.
        Fingerprint = Hash(string.Join('\n',
        [
            kind + Codes(failure.ExitCode, failure.Signal), cause.Type, Beginning(Normalize(cause.Message)).ToString(),
            .. cause.Inner.Select(i => $"{i.Type}: {Normalize(i.Message)}"),
        ])),
    };

    /// <summary>Text with everything that differs from one occurrence to the next (numbers, ids, paths) replaced.</summary>
    internal static string Normalize(string text) => WordWithDigit().Replace(QuotedOrPath().Replace(text, "#"), "#");

    /// <summary>What an exception says in numbers and not in words.</summary>
    private static string CodeOf(Exception exception) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => FormattableString.Invariant($" {(int)status}"),
        Win32Exception native => FormattableString.Invariant($" {native.NativeErrorCode}"),
        IOException or ExternalException => FormattableString.Invariant($" {exception.HResult}"),
        _ => "",
    };

    private static string Codes(int? exitCode, int? signal) =>
        (exitCode, signal) is (null, null) ? "" : FormattableString.Invariant($"\n{exitCode}/{signal}");

    private static FailureKind KindOf(Exception cause) => cause switch
    {
        OutOfMemoryException => FailureKind.OutOfMemory,
        NonFiniteException => FailureKind.NonFinite,
        // What a native library threw: libtorch, for one, where a GPU's memory is used up.
        ExternalException when OutOfMemoryText.IsIn(ExceptionText.Of(cause).Message) => FailureKind.OutOfMemory,
        ArtifactLimitException => FailureKind.ResourceLimit,
        _ when FullDisk.IsCauseOf(cause) => FailureKind.ResourceLimit,
        // A type that could not be made ready: what its initializer threw, most often for want of memory.
        TypeInitializationException { InnerException: { } thrown } => KindOf(thrown),
        _ => FailureKind.Exception,
    };

    private static List<InnerFailure> InnerOf(Exception cause, ExceptionTexts texts)
    {
        if (cause.InnerException is null)
            return [];
        var found = new List<InnerFailure>();
        var waiting = new Queue<Exception>();
        Enqueue(cause);
        while (found.Count < MostInner && waiting.TryDequeue(out var next))
        {
            var said = texts.Of(next);
            found.Add(new InnerFailure(said.Type, said.Message, said.StackTrace));
            Enqueue(next);
        }

        return found;

        void Enqueue(Exception outer)
        {
            if (outer is AggregateException aggregate)
                foreach (var each in aggregate.InnerExceptions)
                    waiting.Enqueue(each);
            else if (outer.InnerException is { } one)
                waiting.Enqueue(one);
        }
    }

    private static string FingerprintOf(Exception cause, ExceptionTexts texts)
    {
        var text = new StringBuilder();
        var depth = 0;
        for (Exception? each = cause; each is not null; each = each.InnerException)
        {
            var said = texts.Of(each);
            text.Append(said.Type).Append(CodeOf(each)).Append('\n');
            // An aggregate repeats the messages of its parts, whose number and order vary.
            if (each is not AggregateException)
                text.Append(Beginning(Normalize(said.Message))).Append('\n');
            if (each.InnerException is not null && ++depth < MostInner)
                continue;
            AppendFrames(text, said.StackTrace);
            break;
        }

        return Hash(text.ToString());
    }

    // Of the normalized text: a long message is cut where its numbers end, and those differ.
    private static ReadOnlySpan<char> Beginning(string normalized) => normalized.AsSpan(0, Math.Min(normalized.Length, MostInFingerprint));

    private static void AppendFrames(StringBuilder text, string? stack)
    {
        var taken = 0;
        foreach (var line in (stack ?? "").AsSpan().EnumerateLines())
        {
            var frame = line.Trim();
            var end = frame.IndexOf('(');
            if (!frame.StartsWith("at ") || end < 0)
                continue;
            foreach (var c in frame[..end])
                if (!char.IsAsciiDigit(c)) // compiler-made names are numbered by their place in the file
                    text.Append(c);
            text.Append('\n');
            if (++taken == FramesInFingerprint)
                break;
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));

    [GeneratedRegex(@"'[^']*'|""[^""]*""|(?<=\s|^|\()(?:[A-Za-z]:)?[/\\][^\s:;,)]*", RegexOptions.CultureInvariant)]
    private static partial Regex QuotedOrPath();

    [GeneratedRegex(@"[^\s,;()\[\]=:]*\d[^\s,;()\[\]=:]*", RegexOptions.CultureInvariant)]
    private static partial Regex WordWithDigit();
}
