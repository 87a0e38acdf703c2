using System.Globalization;
using Orchestrator.Configuration;
using Orchestrator.Execution.Packing;

namespace Orchestrator.Execution.Devices;

/// <summary>
/// Which GPUs are meant, as the command line and the settings write it: <c>all</c>, <c>none</c>, <c>0,1</c> (numbers, or the beginnings of
/// UUIDs), or <c>4x80GiB</c> (pretended ones).
/// </summary>
internal sealed record GpuSelection
{
    public const string Syntax = "all, none, a list such as 0,1, or pretended ones such as 4x80GiB";

    public static GpuSelection All { get; } = new() { IsAll = true };

    /// <summary>None, since nobody said anything of them.</summary>
    public static GpuSelection None { get; } = new();

    /// <summary>None, since somebody said so.</summary>
    public static GpuSelection Forbidden { get; } = new() { AreHidden = true };

    /// <summary>Whether those that there are must not be seen.</summary>
    public bool AreHidden { get; private init; }

    /// <summary>All that no other pool names.</summary>
    public bool IsAll { get; private init; }

    /// <summary>Numbers, or the beginnings of UUIDs.</summary>
    public IReadOnlyList<string> Named { get; private init; } = [];

    /// <summary>Devices that need not exist.</summary>
    public IReadOnlyList<GpuDevice> Pretended { get; private init; } = [];

    /// <summary>Whether somebody must look what there is.</summary>
    public bool NeedsInventory => IsAll || Named.Count > 0;

    /// <summary>Reads the text; <see langword="null"/>: it is none.</summary>
    public static GpuSelection? Parse(string text)
    {
        text = text.Trim();
        switch (text.ToLowerInvariant())
        {
            case "all":
                return All;
            case "none":
                return Forbidden;
        }

        if (text.Split('x', 'X') is [var count, var size] && SizeText.Parse(size) is > 0 and var bytes)
        {
            return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= ResourcePool.MostDevices
                ? new GpuSelection { Pretended = [.. Enumerable.Range(0, number).Select(i => Pretend(i, bytes))] }
                : null;
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(names, IsName) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length
            ? new GpuSelection { Named = names }
            : null;
    }

    private static bool IsName(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        || text.StartsWith("GPU-", StringComparison.OrdinalIgnoreCase) || text.StartsWith("MIG-", StringComparison.OrdinalIgnoreCase);

    private static GpuDevice Pretend(int number, long bytes) =>
        new(number, number.ToString(CultureInfo.InvariantCulture), "pretended GPU", bytes) { IsPretended = true };
}
