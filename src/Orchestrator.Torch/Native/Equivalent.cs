namespace Orchestrator.Torch.Native;

/// <summary>A symbol of the C++ library whose newer version does the same as an older one.</summary>
/// <param name="Symbol">Its name.</param>
/// <param name="Version">The newer version.</param>
/// <param name="Older">The older one.</param>
internal sealed record Equivalent(string Symbol, string Version, string Older)
{
    /// <summary>
    /// <c>std::condition_variable::wait</c>: GCC 12 only took <c>noexcept</c> from it (its bug 103382). RHEL 9 has GCC 11's library.
    /// </summary>
    private static readonly Equivalent[] All =
        [new("_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE", "GLIBCXX_3.4.30", "GLIBCXX_3.4.11")];

    /// <summary>The older version that does the same; <see langword="null"/>: none is known.</summary>
    public static string? Find(string symbol, string version) => Array.Find(All, one => one.Symbol == symbol && one.Version == version)?.Older;
}
