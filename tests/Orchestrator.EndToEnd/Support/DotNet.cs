using System.Collections;
using System.Diagnostics;

namespace Orchestrator.EndToEnd.Support;

/// <summary>What one call of the <c>dotnet</c> command said.</summary>
internal sealed record DotNetResult(int ExitCode, string Output)
{
    /// <summary>How many lines contain <paramref name="text"/>.</summary>
    public int Lines(string text) => Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}

/// <summary>Runs the SDK that runs these tests.</summary>
internal static class DotNet
{
    /// <param name="folder">Where it runs.</param>
    /// <param name="packages">Its own package folder, so that nothing is found that another build has fetched.</param>
    /// <param name="arguments">The command's arguments.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<DotNetResult> RunAsync(string folder, string packages, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The build that runs these tests has told its children about itself; this one is not of the family.
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (((string)variable.Key).StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                start.Environment.Remove((string)variable.Key);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        // Many short processes: none lives long enough to gain from being profiled.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["NUGET_PACKAGES"] = packages;
        start.Environment["NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT"] = "1";

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new DotNetResult(process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
