using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.Web;
using Orchestrator.Web.Hosting;

namespace Orchestrator.Tests.Web;

public sealed class AccessTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("", "127.0.0.1", "User")]
    [InlineData("", "::1", "User")]
    [InlineData("", "192.0.2.7", "Denied")]
    [InlineData(Token, "127.0.0.1", "Denied")]
    public void Decide_WithoutCredentials_DependsOnTheAddress_UnlessATokenIsSet(string token, string address, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(address);

        Assert.Equal(expected, Access(token).Decide(context).ToString());
    }

    [Theory]
    [InlineData("Bearer " + Token, null, null, "User")]
    [InlineData("bearer " + Token, null, null, "User")]
    [InlineData("Bearer " + Token + "x", null, null, "Denied")]
    [InlineData("Basic " + Token, null, null, "Denied")]
    [InlineData(null, "?token=" + Token, null, "UserByLink")]
    [InlineData(null, "?token=", null, "Denied")]
    [InlineData(null, null, Token, "Denied")] // the cookie is not the token itself
    public void Decide_WithCredentials_ComparesThem(string? authorization, string? query, string? cookie, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("192.0.2.7");
        context.Request.Headers.Authorization = authorization;
        context.Request.QueryString = new QueryString(query);
        context.Request.Headers.Cookie = cookie is null ? null : $"{DashboardAccess.CookieNameOf(context)}={cookie}";

        Assert.Equal(expected, Access(Token).Decide(context).ToString());
    }

    [Fact]
    public void Decide_CookieOfTheToken_OrTheOwnersToken_IsLetThrough()
    {
        var access = Access(Token);
        var context = new DefaultHttpContext();
        context.Request.Headers.Cookie = $"{DashboardAccess.CookieNameOf(context)}={access.Token!.Cookie}";
        Assert.Equal(AccessDecision.User, access.Decide(context));

        context = new DefaultHttpContext();
        context.Request.Headers.Authorization = "Bearer " + access.OwnerToken.Value;
        Assert.Equal(AccessDecision.Owner, access.Decide(context));
    }

    [Theory]
    [InlineData("127.0.0.1:5080", null, true)]
    [InlineData("localhost:5080", "http://localhost:5080", true)]
    [InlineData("[::1]:5080", "http://[::1]:5080", true)]
    [InlineData("example.org", "https://example.org", true)]
    [InlineData("example.org:443", "https://example.org", true)]
    [InlineData("localhost:5080", "http://localhost:5081", false)]
    [InlineData("localhost:5080", "http://evil.example", false)]
    [InlineData("localhost:5080", "null", false)]
    [InlineData("127.0.0.1:5080", "https://proxy.example", true)] // a proxy that is listed
    [InlineData("127.0.0.1:5080", "http://listed.example:5080", true)]
    [InlineData("127.0.0.1:5080", "http://listed.example:9999", false)] // another program of that machine
    public void IsOriginOurs_ComparesWithTheHost(string host, string? origin, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        request.Headers.Origin = origin;

        Assert.Equal(expected, Source().IsOriginOurs(request));
    }

    [Theory]
    [InlineData("127.0.0.1:5080", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("[::1]:5080", true)]
    [InlineData("localhost", true)]
    [InlineData("proxy.example", true)]
    [InlineData("listed.example:5080", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public void IsHostOurs_AllowsAddressesAndListedNames(string host, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);

        Assert.Equal(expected, Source().IsHostOurs(request));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://0.0.0.0:1", false)]
    [InlineData("http://*:1", false)]
    [InlineData("https://gpu-box:1", false)]
    public void ListenAddress_KnowsWhoReachesIt(string url, bool isLoopback) =>
        Assert.Equal(isLoopback, Assert.Single(ListenAddress.Of(url)).IsLoopback);

    [Theory]
    [InlineData("http://0.0.0.0:80", "http://localhost:80")]
    [InlineData("http://[::]:80", "http://localhost:80")]
    [InlineData("http://10.1.2.3:80", "http://10.1.2.3:80")]
    public void ForBrowser_AnyAddress_IsThisMachine(string url, string expected) =>
        Assert.Equal(expected, ListenAddress.ForBrowser(url));

    [Theory]
    [InlineData(200, "GET", "/sweeps", "", "Information")]
    [InlineData(200, "GET", "/sweeps/a/card", "?fragment=1", "Verbose")]
    [InlineData(200, "POST", "/sweeps/a/pause", "?fragment=1", "Information")]
    [InlineData(500, "GET", "/sweeps", "?fragment=1", "Error")]
    public void RequestLogLevel_OfWhatThePagesAskForThemselves_IsVerbose(int status, string method, string path, string query, string expected)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path, context.Request.QueryString, context.Response.StatusCode) = (method, path, new QueryString(query), status);

        Assert.Equal(expected, RequestLogLevel.Of(context, 1, cause: null).ToString());
    }

    [Fact]
    public void WebOptions_WithMistakes_AreAllReported()
    {
        var options = new WebOptions { ConcurrentSweeps = 0, Schema = "a;b", Token = "short", Urls = "ftp://x;http://127.0.0.1:1" };

        Assert.Equal(4, new WebOptionsCheck().Validate(null, options).Failures!.Count());
        Assert.True(new WebOptionsCheck().Validate(null, new WebOptions()).Succeeded);
    }

    [Fact]
    public void WebOptions_FreePortOfLocalhost_SaysWhichAddressTakesOne() =>
        Assert.Contains("http://127.0.0.1:0", new WebOptionsCheck().Validate(null, new WebOptions { Urls = "http://localhost:0" }).FailureMessage, StringComparison.Ordinal);

    private static DashboardAccess Access(string token) => new(Options.Create(new WebOptions { Token = token }));

    private static RequestSource Source() => new(Options.Create(new WebOptions { AllowedHosts = "proxy.example", Urls = "http://listed.example:5080" }));
}
