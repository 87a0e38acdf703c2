using System.Net;

namespace Orchestrator.Web.Hosting;

/// <summary>An address to listen on, as a setting or an option gives it.</summary>
internal sealed record ListenAddress(string Url, string Host)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>The addresses of a setting.</summary>
    public static IReadOnlyList<ListenAddress> Of(string urls) =>
        [.. Split(urls).Select(url => TryRead(url)).OfType<ListenAddress>()];

    /// <summary>What is wrong with a setting.</summary>
    public static IEnumerable<string> Problems(string urls)
    {
        if (Split(urls).Length == 0)
            yield return Problem("nothing");
        foreach (var url in Split(urls).Where(url => TryRead(url) is null))
            yield return Problem($"'{url}'");
    }

    /// <summary>An address by which a browser on this machine reaches what listens on it.</summary>
    public static string ForBrowser(string url) => TryRead(url) is { } read && (IPAddress.TryParse(read.Host.Trim('[', ']'), out var address)
        ? address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        : read.Host is "*" or "+")
        ? url.Replace(read.Host, "localhost", StringComparison.Ordinal)
        : url;

    private static string Problem(string given) =>
        $"{WebOptions.Section}:{nameof(WebOptions.Urls)} (--urls) takes addresses such as http://127.0.0.1:5080 or http://0.0.0.0:8080, separated by semicolons, not {given}.";

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ListenAddress? TryRead(string url)
    {
        // A host of * or + is any address; Uri does not know it.
        var readable = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(readable, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.AbsolutePath == "/"
            ? new ListenAddress(url, uri.Host)
            : null;
    }
}
