using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Orchestrator.Web.Hosting;

/// <summary>
/// Tells requests that a foreign page makes a browser send: their Origin is not the address that they go to, or (by DNS rebinding) their
/// Host is a name of the attacker's that resolves to this machine.
/// </summary>
internal sealed class RequestSource(IOptions<WebOptions> options)
{
    private readonly string[] _allowed = Split(options.Value.AllowedHosts ?? "");
    private readonly Uri[] _listening = [.. UrisIn(options.Value.Urls)];

    /// <summary>Whether the page that sent the request is one of ours, or none did.</summary>
    public bool IsOriginOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (string.Equals(from.Authority, Authority(request.Host, from), StringComparison.OrdinalIgnoreCase) || IsListed(from.Host)
                || _listening.Any(url => url.Authority.Equals(from.Authority, StringComparison.OrdinalIgnoreCase))); // other ports are other programs
    }

    /// <summary>Whether the request names this machine. An address cannot be rebound; a name can.</summary>
    public bool IsHostOurs(HttpRequest request)
    {
        var host = request.Host.Host;
        return IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || IsListed(host)
            || _listening.Any(url => url.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
    }

    private bool IsListed(string host) => _allowed.Any(name => name == "*" || name.Equals(host, StringComparison.OrdinalIgnoreCase));

    /// <summary>The host as a <see cref="Uri"/> writes it: without the port that the scheme implies.</summary>
    private static string Authority(HostString host, Uri from) => host.Port is { } port && port != DefaultPort(from) ? $"{host.Host}:{port}" : host.Host;

    private static int DefaultPort(Uri from) => from.Scheme == Uri.UriSchemeHttps ? 443 : 80;

    private static IEnumerable<Uri> UrisIn(string urls) =>
        Split(urls).Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>();

    private static string[] Split(string list) => list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
