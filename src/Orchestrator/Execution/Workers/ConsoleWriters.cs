using System.Reflection;

namespace Orchestrator.Execution.Workers;

/// <summary>
/// <see cref="Console.Out"/> and <see cref="Console.Error"/>, set back after a run that replaced them. They are looked at no sooner than the console is
/// first used: it takes as long to begin as a quarter of all else that a worker's process does before it is ready, and a thread of its own.
/// </summary>
internal sealed class ConsoleWriters
{
    private TextWriter? _out;
    private TextWriter? _error;

    public ConsoleWriters()
    {
        // The event comes before any code of the assembly is called.
        AppDomain.CurrentDomain.AssemblyLoad += Loaded;
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            Look(assembly);
    }

    public void Restore()
    {
        if (_out is not null)
            SetBack();
    }

    private void Loaded(object? sender, AssemblyLoadEventArgs loaded) => Look(loaded.LoadedAssembly);

    private void Look(Assembly assembly)
    {
        if (assembly.FullName is { } name && name.StartsWith("System.Console,", StringComparison.Ordinal))
            Remember();
    }

    // Methods of their own: whoever names the console loads it.
    private void Remember()
    {
        AppDomain.CurrentDomain.AssemblyLoad -= Loaded;
        _error = Console.Error;
        _out = Console.Out;
    }

    private void SetBack()
    {
        if (!ReferenceEquals(Console.Out, _out))
            Console.SetOut(_out!);
        if (!ReferenceEquals(Console.Error, _error))
            Console.SetError(_error!);
    }
}
