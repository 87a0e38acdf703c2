using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.Web;
using Orchestrator.Web.Api;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Tests.Web;

public sealed class DashboardGuardTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("/sweeps", "/sweeps")]
    [InlineData("//evil.example/", "/evil.example/")]
    [InlineData("///evil.example/", "/evil.example/")]
    public async Task InvokeAsync_LinkWithTheToken_LeadsToTheSameAddressOfThisHost(string path, string expected)
    {
        var context = Request(path);
        context.Request.QueryString = new QueryString($"?token={Token}&from=2");

        Assert.False(await PassesAsync(context, Token));
        Assert.Equal(expected + "?from=2", context.Response.Headers.Location);
    }

    [Theory]
    [InlineData(Token)]
    [InlineData("")]
    public async Task InvokeAsync_LinkThatIsOpenedAgain_StillTakesTheTokenOffTheAddress(string token)
    {
        var context = Request("/sweeps");
        context.Request.QueryString = new QueryString($"?token={Token}");
        context.Request.Headers.Cookie = $"{DashboardAccess.CookieNameOf(context)}={new AccessToken(Token).Cookie}";

        Assert.False(await PassesAsync(context, token));
        Assert.Equal("/sweeps", context.Response.Headers.Location);
    }

    [Theory]
    [InlineData("Forwarded", "for=192.0.2.7")]
    [InlineData("X-Forwarded-For", "192.0.2.7")]
    public async Task InvokeAsync_ThroughAProxyOnThisMachine_NeedsAToken(string header, string value)
    {
        var context = Request("/sweeps");
        context.Request.Headers[header] = value;

        Assert.False(await PassesAsync(context));
        Assert.Equal(StatusCodes.Status401Unauthorized, context.Response.StatusCode);
        context.Response.Body.Position = 0;
        using var reader = new StreamReader(context.Response.Body);
        Assert.Contains("Orchestrator:Web:Token", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InvokeAsync_UnderAnyName_IsLetThroughIfTheHostHasAuthorizedIt(bool isAuthorized)
    {
        var context = Request("/sweeps");
        context.Request.Host = new HostString("gpu-box.example");
        if (isAuthorized)
            context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new AuthorizeAttribute()), null));

        Assert.Equal(isAuthorized, await PassesAsync(context));
    }

    [Theory]
    [InlineData("Owner", true)]
    [InlineData("", false)]
    public async Task ApiGuard_HostWithoutAToken_TakesChangesFromTheHomesOwnerOnly(string bearer, bool expected)
    {
        var options = Options.Create(new WebOptions());
        var access = new DashboardAccess(options);
        var context = Request("/api/sweeps");
        context.Request.Headers.Authorization = bearer.Length == 0 ? "" : "Bearer " + access.OwnerToken.Value;
        var passed = false;
        var api = new ApiGuard(_ => Note(ref passed), access, options);

        await new DashboardGuard(api.InvokeAsync, access, new RequestSource(options)).InvokeAsync(context);

        Assert.Equal((expected, expected ? 200 : 401), (passed, context.Response.StatusCode));
    }

    private static async Task<bool> PassesAsync(HttpContext context, string? token = null)
    {
        var options = Options.Create(new WebOptions { Token = token });
        var passed = false;
        await new DashboardGuard(_ => Note(ref passed), new DashboardAccess(options), new RequestSource(options)).InvokeAsync(context);
        return passed;
    }

    private static Task Note(ref bool passed)
    {
        passed = true;
        return Task.CompletedTask;
    }

    private static DefaultHttpContext Request(string path)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Loopback;
        context.Request.Method = HttpMethods.Get;
        context.Request.Host = new HostString("127.0.0.1:5080");
        context.Request.Path = path;
        context.Response.Body = new MemoryStream();
        return context;
    }
}
