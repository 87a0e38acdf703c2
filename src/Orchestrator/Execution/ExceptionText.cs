using System.Globalization;

namespace Orchestrator.Execution;

/// <summary>
/// What an exception says of itself. Its members are user code: they may throw, and they may say ten megabytes. Neither may cost
/// more than this failure.
/// </summary>
internal readonly record struct ExceptionText(string Type, string Message, string? StackTrace)
{
    private const int MostMessage = 16_384;
    private const int MostStack = 65_536;

    public static ExceptionText Of(Exception exception)
    {
        var type = exception.GetType();
        return new ExceptionText(
            type.FullName ?? type.Name,
            Read(static e => e.Message, exception, MostMessage) ?? "(no message)",
            Read(static e => e.StackTrace, exception, MostStack));
    }

    private static string? Read(Func<Exception, string?> member, Exception exception, int most)
    {
        string? text;
        try
        {
            text = member(exception);
        }
        catch (Exception cause)
        {
            return $"(not readable: {cause.GetType().FullName} was thrown by the exception itself)";
        }

        if (text is null || text.Length <= most)
            return text;
        var end = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
        return text[..end] + string.Create(CultureInfo.InvariantCulture, $"... ({text.Length} characters in all)");
    }
}

/// <summary>The texts of the exceptions of one failure, each read once: a stack trace is made anew whenever it is asked for.</summary>
internal sealed class ExceptionTexts
{
    private readonly Dictionary<Exception, ExceptionText> _read = new(ReferenceEqualityComparer.Instance);

    public ExceptionText Of(Exception exception)
    {
        if (!_read.TryGetValue(exception, out var text))
            _read.Add(exception, text = ExceptionText.Of(exception));
        return text;
    }
}
