namespace Orchestrator.Execution.Workers;

/// <summary>Gets a worker process ready for what its runs need, beside everything else that its start takes.</summary>
internal static class WorkerPreparation
{
    /// <summary>The environment variable that names the type of the <see cref="RunRequirement"/>.</summary>
    public const string Variable = "ORCHESTRATOR_PREPARE";

    /// <summary>How a worker process is told; <see langword="null"/>: it could not find the type by its name.</summary>
    public static string? NameOf(RunRequirement requirement) =>
        requirement.GetType() is { AssemblyQualifiedName: { } name } type && Type.GetType(name) == type ? name : null;

    /// <summary>Begins, on a thread of its own, if this process was told to.</summary>
    public static void Begin()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } name)
            return;
        Environment.SetEnvironmentVariable(Variable, null); // not for what the run starts
        new Thread(static state => Prepare((string)state!)) { IsBackground = true, Name = "prepare" }.UnsafeStart(name);
    }

    private static void Prepare(string name)
    {
        try
        {
            if (Type.GetType(name) is { } type && Activator.CreateInstance(type) is RunRequirement requirement)
                requirement.Prepare();
        }
        catch (Exception)
        {
            // The run meets it again, and is where it can be told.
        }
    }
}
