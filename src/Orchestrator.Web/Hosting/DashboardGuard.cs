using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Orchestrator.Web.Hosting;

/// <summary>Stands before every page and every request for a change: refuses requests of foreign pages, and those without a token where one is required.</summary>
internal sealed class DashboardGuard(RequestDelegate next, DashboardAccess access, RequestSource source)
{
    private const string TokenIsRequired = "A token is required: open the link that was printed at the start, or send 'Authorization: Bearer TOKEN'.";

    private const string NoTokenIsSet =
        $"Requests from other machines, and those that a proxy forwards, need a token, and the host has none: set {WebOptions.Section}:{nameof(WebOptions.Token)} and restart it.";

    private static readonly object DecisionKey = new();

    /// <summary>What the guard has allowed the request.</summary>
    public static AccessDecision DecisionOf(HttpContext context) => context.Items[DecisionKey] is AccessDecision decision ? decision : AccessDecision.Denied;

    public async Task InvokeAsync(HttpContext context)
    {
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "frame-ancestors 'none'";
        headers["Referrer-Policy"] = "same-origin"; // an address may carry the token

        if (!source.IsOriginOurs(request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, $"The origin '{request.Headers.Origin}' is not this address: a foreign page sent the request.");
            return;
        }

        var decision = access.Decide(context);
        // A token proves that the address is known; without one the name must be ours.
        if (decision == AccessDecision.User && access.Token is null && !source.IsHostOurs(request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden,
                $"The host '{request.Host.Host}' is not a name of this machine. If it is, add it to {WebOptions.Section}:{nameof(WebOptions.AllowedHosts)}; if it is that of a proxy, add it and set {WebOptions.Section}:{nameof(WebOptions.Token)}.");
            return;
        }

        if (decision == AccessDecision.Denied)
        {
            headers.WWWAuthenticate = "Bearer";
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, access.Token is null ? NoTokenIsSet : TokenIsRequired);
            return;
        }

        if (decision is AccessDecision.User or AccessDecision.UserByLink && HttpMethods.IsGet(request.Method) && request.Query.ContainsKey(DashboardAccess.TokenParameter))
        {
            if (decision == AccessDecision.UserByLink)
                SetCookie(context);
            context.Response.Redirect(WithoutToken(request)); // the token stays neither in the address bar nor in the history
            return;
        }

        context.Items[DecisionKey] = decision;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone and receives no answer: the status is for the log.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }

    private void SetCookie(HttpContext context) => context.Response.Cookies.Append(DashboardAccess.CookieNameOf(context), access.Token!.Cookie, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/",
        IsEssential = true,
    });

    private static string WithoutToken(HttpRequest request)
    {
        var query = new QueryBuilder(request.Query.Where(p => p.Key != DashboardAccess.TokenParameter).SelectMany(p => p.Value, (p, value) => KeyValuePair.Create(p.Key, value ?? "")));
        // An address that begins with two slashes names another host.
        return "/" + request.PathBase.Add(request.Path).ToUriComponent().TrimStart('/') + query.ToQueryString().ToUriComponent();
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }
}
