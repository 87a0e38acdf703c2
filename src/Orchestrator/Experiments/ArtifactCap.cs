using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Diagnostics;
using Orchestrator.Execution;

namespace Orchestrator.Experiments;

/// <summary>
/// Counts the bytes that an attempt adds as artifacts, against its cap. Not safe for concurrent use.
/// </summary>
internal sealed class ArtifactCap(StorageCaps caps)
{
    private long _kept;
    private long _largest;

    /// <summary>
    /// The bytes that a copy may reach: what is left, or as much as the largest that is kept, since the copy may turn out to be that
    /// content again, which is not kept twice.
    /// </summary>
    public long MostToCopy => caps.Artifacts is { } limit ? Math.Max(limit - _kept, _largest) : long.MaxValue;

    /// <summary>A content is about to be kept that is not there yet.</summary>
    /// <exception cref="ArtifactLimitException">It does not fit.</exception>
    public void Take(string name, long bytes)
    {
        if (bytes > caps.Artifacts - _kept)
            throw Exceeded(name, bytes, isAll: true);
        _kept += bytes;
        _largest = Math.Max(_largest, bytes);
    }

    /// <summary>What to throw at a content that is too large.</summary>
    /// <param name="name">The artifact.</param>
    /// <param name="bytes">How large it is.</param>
    /// <param name="isAll">Whether that is all of it; else it was not read to its end.</param>
    public ArtifactLimitException Exceeded(string name, long bytes, bool isAll)
    {
        var limit = caps.Artifacts!.Value;
        return new ArtifactLimitException(
            string.Create(CultureInfo.InvariantCulture,
                $"The artifact '{name}' of {(isAll ? "" : "at least ")}{ByteText.Of(bytes)} ({bytes} bytes) does not fit: the run may add {SizeText.Write(limit)} as artifacts, ")
            + (_kept == 0 ? "" : $"has added {ByteText.Of(_kept)}, ") + $"by {caps.ArtifactsKey}. Raise that, or add less.",
            name, limit);
    }
}
