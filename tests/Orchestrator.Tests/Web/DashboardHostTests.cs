using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Cli;
using Orchestrator.Cli.Executing;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Serving;
using Orchestrator.Tests.Support;
using Orchestrator.Web;
using Orchestrator.Web.Api;

namespace Orchestrator.Tests.Web;

/// <summary>The host behind <c>serve</c> and its addresses.</summary>
public sealed class DashboardHostTests
{
    [Fact]
    public async Task TwoHosts_InOneBrowser_KeepCookiesOfTheirOwn()
    {
        await using var first = await WebBench.StartAsync(TestRuns.Report, settings: ("Orchestrator:Web:Token", "0123456789abcdef"));
        await using var second = await WebBench.StartAsync(TestRuns.Report, settings: ("Orchestrator:Web:Token", "0123456789abcdefg"));
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false, CookieContainer = cookies });
        foreach (var host in (WebBench[])[first, second, first])
            await browser.GetStringAsync(new Uri(host.Host.Links.Single().Replace("/?", "/sweeps?", StringComparison.Ordinal)), TestContext.Current.CancellationToken);

        Assert.Equal(4, cookies.Count); // of each: that for the token, and that against forgery
        await browser.GetStringAsync(new Uri(new Uri(second.Host.Addresses.Single()), "sweeps"), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", false)]
    [InlineData("http://*:0", true)]
    public async Task EndpointsOfKestrel_OffLoopback_RequireATokenToo(string url, bool expected)
    {
        await using var bench = await WebBench.StartAsync(TestRuns.Report, settings: ("Kestrel:Endpoints:Main:Url", url));

        Assert.Equal(expected, !string.IsNullOrEmpty(bench.Host.Services.GetRequiredService<IOptions<WebOptions>>().Value.Token));
    }

    [Fact]
    public async Task AddressThatKestrelRefuses_IsExplained()
    {
        var refused = await Assert.ThrowsAsync<CliException>(() => ServeErrors.ExplainAsync(
            async () => await (await WebBench.StartAsync(TestRuns.Report, settings: ("Kestrel:Endpoints:Main:Url", "http://localhost:0"))).DisposeAsync()));

        Assert.Equal("address", refused.Code);
        Assert.Contains("localhost", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ToACertificateForAnotherName_SaysSo()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=gpu-box.example", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pfx), TestContext.Current.CancellationToken);
            await using var bench = await WebBench.StartAsync(
                TestRuns.Report, settings: [("Kestrel:Endpoints:Main:Url", "https://127.0.0.1:0"), ("Kestrel:Endpoints:Main:Certificate:Path", path)]);
            using var client = HostFinder.Of(bench.Home)!;

            var refused = await Assert.ThrowsAsync<HostRefusedException>(() => client.RefreshSchedulesAsync(TestContext.Current.CancellationToken));

            Assert.Equal("certificate", refused.Code);
            Assert.Contains("not accepted for the name '127.0.0.1'", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void UrlsOfOneSweep_ThatAreTaken_BecomeFreePortsThere()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        Assert.Equal("http://127.0.0.1:0;http://[::1]:0", SweepDashboard.Free($"http://127.0.0.1:{port};http://[::1]:0"));
        Assert.Equal("http://127.0.0.1:0", SweepDashboard.Free($"http://localhost:{port}"));
        Assert.Equal("http://0.0.0.0:0", SweepDashboard.Free($"http://*:{port}"));
        Assert.Equal("nowhere", SweepDashboard.Free("nowhere")); // the check of the settings says what is wrong
    }
}
