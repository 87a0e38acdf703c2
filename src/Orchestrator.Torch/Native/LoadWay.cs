namespace Orchestrator.Torch.Native;

/// <summary>How a native library was loaded.</summary>
internal enum LoadWay
{
    /// <summary>Its file as it is.</summary>
    Plain,

    /// <summary>A corrected copy in memory.</summary>
    Memory,

    /// <summary>A corrected copy in the user's cache.</summary>
    Cache,

    /// <summary>A corrected copy in a temporary file, which was deleted at once.</summary>
    Temporary,
}
