namespace Orchestrator.Torch.Native;

/// <summary>A native library that this process has loaded.</summary>
/// <param name="Handle">What the system knows it by.</param>
/// <param name="Path">Its file; <see langword="null"/>: the system found it by its name.</param>
/// <param name="Way">How it was loaded.</param>
/// <param name="Relaxed">The versions that the copy does without, e.g. <c>GLIBCXX_3.4.32</c>; <see langword="null"/>: none.</param>
internal sealed record LoadedLibrary(nint Handle, string? Path, LoadWay Way, string? Relaxed = null);
