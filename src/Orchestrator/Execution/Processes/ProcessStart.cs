namespace Orchestrator.Execution.Processes;

/// <summary>A program to start as the process of a run.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Environment">Changes of the environment; <see langword="null"/> as a value takes a variable away.</param>
/// <param name="Folder">The folder it starts in; <see langword="null"/>: this process's when it made its launcher.</param>
/// <param name="Descriptors">What become its descriptors 0, 1, 2 and so on; they stay the caller's.</param>
internal sealed record ProcessStart(
    IReadOnlyList<string> Command, IReadOnlyDictionary<string, string?> Environment, string? Folder, IReadOnlyList<Descriptor> Descriptors)
{
    /// <summary>Whether it is this program once more: that has lines to the orchestrator, besides what any program has.</summary>
    public bool IsWorker => Descriptors.Count > 3;
}
