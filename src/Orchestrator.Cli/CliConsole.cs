namespace Orchestrator.Cli;

/// <summary>Where a program reads its surroundings and writes its text. Tests put writers of their own in its place.</summary>
internal sealed class CliConsole
{
    private readonly Func<Stream> _openOut;
    private readonly Func<string, string?> _environment;

    public CliConsole(TextWriter output, TextWriter error, Func<Stream> openOut, Func<string, string?> environment) =>
        (Out, Error, _openOut, _environment) = (output, error, openOut, environment);

    /// <summary>Data.</summary>
    public TextWriter Out { get; }

    /// <summary>Progress, logs and errors.</summary>
    public TextWriter Error { get; }

    /// <summary>What a person answers.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether somebody sits at <see cref="In"/>.</summary>
    public bool IsInTerminal { get; init; }

    /// <summary>Whether a question may be asked.</summary>
    public bool CanAsk => IsInTerminal && IsErrorTerminal;

    /// <summary>Whether somebody looks at <see cref="Out"/>.</summary>
    public bool IsOutTerminal { get; init; }

    /// <summary>Whether somebody looks at <see cref="Error"/>.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether colours may be written to <see cref="Out"/>.</summary>
    public bool HasColor => IsOutTerminal && MayColor;

    /// <summary>Whether colours may be written to a terminal at all.</summary>
    public bool MayColor => string.IsNullOrEmpty(Variable("NO_COLOR")) && !IsDumb;

    /// <summary>Whether a table may be redrawn in place on <see cref="Error"/>.</summary>
    public bool IsLive => IsErrorTerminal && !IsDumb && string.IsNullOrEmpty(Variable("CI"));

    /// <summary>The columns of the terminal; <see langword="null"/>: no limit.</summary>
    public int? Width => ReadWidth();

    /// <summary>Reads <see cref="Width"/>, which a person may change at any time.</summary>
    public Func<int?> ReadWidth { private get; init; } = () => null;

    private bool IsDumb => string.Equals(Variable("TERM"), "dumb", StringComparison.Ordinal);

    /// <summary>The process's console. A terminal that closes ends nothing; where data is redirected to, every byte counts.</summary>
    public static CliConsole OfProcess()
    {
        Console.SetError(new EnduringWriter(Console.Error));
        if (!Console.IsOutputRedirected)
            Console.SetOut(new EnduringWriter(Console.Out));
        return new(Console.Out, Console.Error, Console.OpenStandardOutput, Environment.GetEnvironmentVariable)
        {
            In = new LazyInput(),
            IsInTerminal = !Console.IsInputRedirected,
            IsOutTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            ReadWidth = () => Console.IsOutputRedirected ? null : TerminalSize.Read().Width,
        };
    }

    /// <summary>An environment variable.</summary>
    public string? Variable(string name) => _environment(name);

    /// <summary>Standard output for bytes; what was written to <see cref="Out"/> comes before them.</summary>
    public Stream OpenOut()
    {
        Out.Flush();
        return _openOut();
    }
}

/// <summary>The size of the terminal.</summary>
internal readonly record struct TerminalSize(int Width, int Height)
{
    /// <summary>The size as it is now; 80 by 24 where it cannot be told.</summary>
    public static TerminalSize Read()
    {
        try
        {
            var (width, height) = (Console.WindowWidth, Console.WindowHeight);
            return new TerminalSize(width > 0 ? width : 80, height > 0 ? height : 24);
        }
        catch (Exception cause) when (cause is IOException or PlatformNotSupportedException)
        {
            return new TerminalSize(80, 24);
        }
    }
}

/// <summary>Standard input, not touched before somebody reads: opening it changes how the terminal echoes.</summary>
internal sealed class LazyInput : TextReader
{
    public override string? ReadLine() => Console.In.ReadLine();
}
