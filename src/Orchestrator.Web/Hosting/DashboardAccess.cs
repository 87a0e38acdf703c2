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

    /// <summary>The cookie that stands for the token.</summary>
    public const string CookieName = "orchestrator-access";

    private const string Bearer = "Bearer ";

    /// <summary>What users carry; <see langword="null"/>: requests from this machine carry none.</summary>
    public AccessToken? Token { get; } = options.Value.Token is { Length: > 0 } token ? new AccessToken(token) : null;

    /// <summary>What the verbs of the same home carry; it stands in a file that only its owner may read.</summary>
    public AccessToken OwnerToken { get; } = AccessToken.Generate();

    public AccessDecision Decide(HttpContext context)
    {
        var request = context.Request;
        var header = request.Headers.Authorization.ToString();
        var bearer = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
        if (OwnerToken.Matches(bearer))
            return AccessDecision.Owner;
        // The host's own authorization has let the request through already.
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null)
            return AccessDecision.User;
        if (Token is null)
            return IsLocal(context.Connection) ? AccessDecision.User : AccessDecision.Denied;
        if (Token.Matches(bearer) || Token.MatchesCookie(request.Cookies[CookieName]))
            return AccessDecision.User;
        return Token.Matches(request.Query[TokenParameter]) ? AccessDecision.UserByLink : AccessDecision.Denied;
    }

    // Without an address: a Unix socket, or a server within the process.
    private static bool IsLocal(ConnectionInfo connection) => connection.RemoteIpAddress is not { } remote || IPAddress.IsLoopback(remote);
}
