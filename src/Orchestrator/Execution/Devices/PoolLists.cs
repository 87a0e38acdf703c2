using Microsoft.Extensions.Configuration;

namespace Orchestrator.Execution.Devices;

/// <summary>Settings may write GPUs as a list, too (<c>"Gpus": [0, 1]</c>); the binder would leave it out without a word.</summary>
internal static class PoolLists
{
    public static void Join(OrchestratorOptions options, IConfiguration section)
    {
        options.Gpus = Join(section.GetSection(nameof(OrchestratorOptions.Gpus))) ?? options.Gpus;
        foreach (var pool in section.GetSection(nameof(OrchestratorOptions.Pools)).GetChildren())
        {
            if (options.Pools.TryGetValue(pool.Key, out var read))
                read.Gpus = Join(pool.GetSection(nameof(PoolOptions.Gpus))) ?? read.Gpus;
        }
    }

    private static string? Join(IConfigurationSection list)
    {
        var items = list.GetChildren().Select(c => c.Value).OfType<string>().ToArray();
        return items.Length > 0 && list.Value is null ? string.Join(',', items) : null;
    }
}
