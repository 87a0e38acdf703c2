namespace Orchestrator.Cli.Looks;

/// <summary>The file that a person wants to have written.</summary>
internal static class TargetFile
{
    /// <exception cref="CliException">It is a folder, or may not be written.</exception>
    public static AtomicFile Open(string path)
    {
        try
        {
            return new AtomicFile(path);
        }
        catch (IOException cause)
        {
            throw CliException.Usage(cause.Message);
        }
    }
}
