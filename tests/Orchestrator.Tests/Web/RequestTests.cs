using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.Tests.Support;
using Orchestrator.Web;
using Orchestrator.Web.Hosting;
using Serilog.Events;

namespace Orchestrator.Tests.Web;

/// <summary>Requests that no well-behaved client makes, or whose client is gone.</summary>
public sealed class RequestTests
{
    [Fact]
    public async Task Submit_WithAMalformedBody_IsTheClientsMistake()
    {
        await using var bench = await WebBench.StartAsync(TestRuns.Report);
        var record = ServeRecord.Find(bench.Home)!;
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(record.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", record.Token);
        foreach (var (body, type) in new[]
        {
            ("""{"file": "s.json", "content": "{}", "set": [null]}""", "application/json"),
            ("""{"file": "s.json", "content": "{}"}""", "application/json; charset=foo"),
            ("{", "application/json"),
        })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            using var answer = await client.PostAsync(new Uri("api/sweeps", UriKind.Relative), content, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/sweeps", UriKind.Relative)) { Content = new ByteArrayContent(new byte[1]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentLength = 1L << 30;
        request.Headers.ExpectContinue = true; // the host refuses it by its length, before the body is sent
        using var refused = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("64 MiB", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WhoseClientIsGone_IsNoError()
    {
        var options = Options.Create(new WebOptions());
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(canceled: true) };
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Host = new HostString("127.0.0.1");

        await new DashboardGuard(_ => throw new TaskCanceledException(), new DashboardAccess(options), new RequestSource(options)).InvokeAsync(context);

        Assert.Equal(StatusCodes.Status499ClientClosedRequest, context.Response.StatusCode);
        Assert.Equal(LogEventLevel.Verbose, RequestLogLevel.Of(context, 1, null));
    }
}
