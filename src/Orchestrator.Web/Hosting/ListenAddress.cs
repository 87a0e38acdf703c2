using System.Net;

namespace Orchestrator.Web.Hosting;

/// <summary>An address to listen on, as a setting or an option gives it.</summary>
internal sealed record ListenAddress(string Url, string Scheme, string Host, int Port)
{
    /// <summary>Whether only this machine reaches it.</summary>
    public bool IsLoopback => IsLocalhost || (IPAddress.TryParse(Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether it is the name that stands for both loopback addresses.</summary>
    public bool IsLocalhost => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

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
        foreach (var address in Of(urls).Where(address => address.IsFreePortOfLocalhost))
            yield return $"{WebOptions.Section}:{nameof(WebOptions.Urls)} (--urls) takes a free port of an address only, such as http://127.0.0.1:0, not '{address.Url}'.";
    }

    /// <summary>Whether it asks for a free port of a name that stands for two addresses, which the server cannot take.</summary>
    private bool IsFreePortOfLocalhost => IsLocalhost && Port == 0;

    /// <summary>An address by which a browser on this machine reaches what listens on it.</summary>
    public static string ForBrowser(string url) => TryRead(url) is { } read && (IPAddress.TryParse(read.Host.Trim('[', ']'), out var address)
        ? address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        : read.Host is "*" or "+")
        ? url.Replace(read.Host, "localhost", StringComparison.Ordinal)
        : url;

    private static string Problem(string given) =>
        $"{WebOptions.Section}:{nameof(WebOptions.Urls)} (--urls) takes addresses such as http://127.0.0.1:5080 or http://0.0.0.0:8080, separated by semicolons, not {given}.";

    /// <summary>What stands between the semicolons of a setting.</summary>
    public static string[] Split(string urls) => urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ListenAddress? TryRead(string url)
    {
        // A host of * or + is any address; Uri does not know it.
        var readable = url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        return Uri.TryCreate(readable, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.AbsolutePath == "/"
            ? new ListenAddress(url, uri.Scheme, uri.Host, uri.Port)
            : null;
    }
}
