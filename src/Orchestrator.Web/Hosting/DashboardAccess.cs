using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Orchestrator.Web.Hosting;

/// <summary>What a request is allowed.</summary>
internal enum AccessDecision
{
    /// <summary>Nothing.</summary>
    Denied,

    /// <summary>To see the dashboard, and to change things unless it is read-only.</summary>
    User,

    /// <summary>As <see cref="User"/>: the host's own authorization has let the request through.</summary>
    Authorized,

    /// <summary>As <see cref="User"/>, and the token that stood in the address becomes a cookie.</summary>
    UserByLink,

    /// <summary>Everything: the caller could read the file that only this home's owner may read.</summary>
    Owner,
}

/// <summary>Decides by token who may use the dashboard.</summary>
internal sealed class DashboardAccess(IOptions<WebOptions> options)
{
    /// <summary>The parameter of an address that carries the token.</summary>
    public const string TokenParameter = "token";

    private const string Bearer = "Bearer ";

    /// <summary>What users carry; <see langword="null"/>: requests from this machine carry none.</summary>
    public AccessToken? Token { get; } = options.Value.Token is { Length: > 0 } token ? new AccessToken(token) : null;

    /// <summary>What the verbs of the same home carry; it stands in a file that only its owner may read.</summary>
    public AccessToken OwnerToken { get; } = AccessToken.Generate();

    /// <summary>The cookie that stands for the token. Cookies ignore ports, so the port is part of the name: hosts of one machine keep apart.</summary>
    public static string CookieNameOf(HttpContext context) => string.Create(CultureInfo.InvariantCulture, $"orchestrator-access-{context.Connection.LocalPort}");

    public AccessDecision Decide(HttpContext context)
    {
        var request = context.Request;
        var header = request.Headers.Authorization.ToString();
        var bearer = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
        if (OwnerToken.Matches(bearer))
            return AccessDecision.Owner;
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null)
            return AccessDecision.Authorized;
        if (Token is null)
            return IsLocal(context) ? AccessDecision.User : AccessDecision.Denied;
        if (Token.Matches(request.Query[TokenParameter]))
            return AccessDecision.UserByLink;
        return Token.Matches(bearer) || Token.MatchesCookie(request.Cookies[CookieNameOf(context)]) ? AccessDecision.User : AccessDecision.Denied;
    }

    // Without an address: a Unix socket, or a server within the process. A proxy on this machine forwards the requests of others.
    private static bool IsLocal(HttpContext context) =>
        (context.Connection.RemoteIpAddress is not { } remote || IPAddress.IsLoopback(remote)) && !IsForwarded(context.Request.Headers);

    private static bool IsForwarded(IHeaderDictionary headers) => headers.ContainsKey("Forwarded") || headers.ContainsKey("X-Forwarded-For");
}
