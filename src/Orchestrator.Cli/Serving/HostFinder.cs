using Orchestrator.Cli.Parsing;
using Orchestrator.Web.Api;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Cli.Serving;

/// <summary>Finds the host that a verb talks to.</summary>
internal static class HostFinder
{
    /// <summary>The host that serves a home; <see langword="null"/> if there is none.</summary>
    public static HostClient? Of(string home) => ServeRecord.Find(home) is { Urls: [var url, ..] } record
        ? new HostClient(new Uri(ListenAddress.ForBrowser(url)), record.Token)
        : null;

    /// <summary>The host at an address, or that of the home.</summary>
    /// <exception cref="CliException">The address is none, or no host serves the home.</exception>
    public static HostClient Require(string home, string? url, string? token)
    {
        if (url is null)
        {
            return Of(home) ?? throw new CliException(
                "noHost", $"No 'serve' runs on '{home}'. Start one with '{ProgramName.Current} serve', or name another with --url.", ExitCodes.Internal);
        }

        return Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? new HostClient(new UriBuilder(address) { Query = "" }.Uri, token ?? TokenIn(address))
            : throw CliException.Usage($"--url takes an address such as http://127.0.0.1:5080, not '{url}'.");
    }

    /// <summary>The token of a link that was printed by <c>serve</c> and copied whole.</summary>
    private static string? TokenIn(Uri address) => address.Query.TrimStart('?').Split('&')
        .Where(pair => pair.StartsWith("token=", StringComparison.Ordinal)).Select(pair => Uri.UnescapeDataString(pair["token=".Length..])).FirstOrDefault();
}
